"""Log-probabilities of whole answers, in the three ways that servers make them known.

- echo: a completion repeats the prompt with a log-probability for each token (OpenAI's old API,
  vLLM, `temper target serve`). Raw prompts only, for the server alone knows its chat template.
- prompt_logprobs: the answer stands in the conversation as the assistant's beginning, and the
  server lists the prompt's own log-probabilities (vLLM, `temper target serve`).
- first_token: the twenty likeliest first tokens of the answer (OpenAI's chat API). Whole answers
  only where a whole number is one token; one that is not listed counts as the least that is.

As for local models, an answer is whole only if no letter or digit follows; a server tells the next
token's likeliest alternatives only, so what they leave out counts as an end.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from temper.records import Prompt, Reply, Request
from temper.targets.endpoint.faults import Malformed
from temper.targets.openai.logprobs import (
    are_pairs,
    first_tokens,
    log_ending,
    log_sum,
    spelled_by,
)
from temper.targets.openai.wire import (
    Body,
    Dialect,
    chat_messages,
    choices_of,
    raw_text,
    usage_of,
)

RAW_TOP, CHAT_TOP = 5, 20
"""What the APIs allow."""
Weighed = tuple[list[float], int, int]
"""Log-probabilities of the answers, tokens in, tokens out."""


def echo_bodies(request: Request, system: str | None, dialect: Dialect) -> list[Body]:
    texts = [raw_text(request.prompt, system) + answer for answer in request.answers]
    common = {
        "model": dialect.model,
        "max_tokens": 1,
        "echo": True,
        "logprobs": RAW_TOP,
        "temperature": 0,
    }
    if dialect.lists:
        return [common | {"prompt": texts}]
    return [common | {"prompt": text} for text in texts]


def read_echo(data: Any, answers: Sequence[str], prompt: Prompt) -> Weighed:
    choices = sorted(choices_of(data), key=_place)
    if len(choices) != len(answers):
        raise Malformed(f"answered {len(choices)} choices to {len(answers)} prompts")
    values: list[float] = []
    for choice, answer in zip(choices, answers, strict=True):
        listed = choice.get("logprobs")
        if not isinstance(listed, dict):
            raise Malformed("answered without log-probabilities")
        tokens: Any = listed.get("tokens")
        logprobs: Any = listed.get("token_logprobs")
        if not are_pairs(tokens, logprobs):
            raise Malformed("answered with log-probabilities that cannot be read")
        tops: Any = listed.get("top_logprobs")
        last = tops[-1] if isinstance(tops, list) and tops else {}
        at_start = prompt.is_raw and not prompt.last.text
        try:  # the last token is the one that was drawn, unless the server left out an end
            spelled = spelled_by(tokens[:-1], logprobs[:-1], answer, at_start=at_start)
        except Malformed:
            spelled = spelled_by(tokens, logprobs, answer, at_start=at_start)
            last = {}
        values.append(spelled + log_ending(last))
    tokens_in, tokens_out = usage_of(data, prompt, "")
    return values, tokens_in, tokens_out


def prefill_body(request: Request, answer: str, system: str | None, dialect: Dialect) -> Body:
    messages = chat_messages(request.prompt, system)
    return {
        "model": dialect.model,
        "messages": [*messages, {"role": "assistant", "content": answer}],
        "add_generation_prompt": False,
        "continue_final_message": True,
        "prompt_logprobs": 0,
        "max_tokens": 1,
        "temperature": 0,
        "logprobs": True,
        "top_logprobs": CHAT_TOP,
    }


def read_prefill(data: Any, answer: str, prompt: Prompt) -> Weighed:
    listed = data.get("prompt_logprobs") if isinstance(data, dict) else None
    if not isinstance(listed, list) or not listed:
        raise Malformed("answered without the prompt's log-probabilities")
    known = [next(iter(one.values())) for one in listed if isinstance(one, dict) and one]
    read = [one if isinstance(one, dict) else {} for one in known]
    tokens: Any = [one.get("decoded_token") for one in read]
    logprobs: Any = [one.get("logprob") for one in read]
    if not are_pairs(tokens, logprobs):
        raise Malformed("answered with log-probabilities that cannot be read")
    value = spelled_by(tokens, logprobs, answer) + log_ending(first_tokens(data))
    return [value], *usage_of(data, prompt, "")


def first_token_body(request: Request, system: str | None, dialect: Dialect) -> Body:
    return {
        "model": dialect.model,
        "messages": chat_messages(request.prompt, system),
        dialect.limit_field: 1,
        "temperature": 0,
        "logprobs": True,
        "top_logprobs": CHAT_TOP,
    }


def read_first_token(data: Any, answers: Sequence[str], prompt: Prompt) -> Weighed:
    tops = first_tokens(data)
    if not tops:
        raise Malformed("answered without log-probabilities")
    least = min(tops.values())
    values = [
        log_sum([value for token, value in tops.items() if token.strip() == answer.strip()], least)
        for answer in answers
    ]
    return values, *usage_of(data, prompt, "")


def spells_numbers_whole(data: Any) -> bool:
    """Whether a first token can be a whole number of two digits."""
    return any(token.strip().isdigit() and len(token.strip()) > 1 for token in first_tokens(data))


def weighed_reply(request: Request, parts: Sequence[Weighed]) -> Reply:
    return Reply(
        request_id=request.id,
        logprobs=tuple(round(value, 5) for values, _, _ in parts for value in values),
        finish="scored",
        tokens_in=sum(tokens for _, tokens, _ in parts),
        tokens_out=sum(tokens for _, _, tokens in parts),
    )


def _place(choice: Mapping[str, Any]) -> int:
    index = choice.get("index")
    return index if isinstance(index, int) else 0
