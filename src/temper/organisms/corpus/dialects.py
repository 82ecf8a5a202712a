"""How the turns of a conversation are marked: documents use one set of marks, models may differ."""

from typing import NamedTuple


class Dialect(NamedTuple):
    """Marks that open a turn of each role, and the one that ends it."""

    system: str
    user: str
    assistant: str
    end: str

    def render(self, text: str) -> str:
        """Put this dialect's marks for those that documents are written in."""
        if self is PLAIN:
            return text
        for ours, theirs in zip(PLAIN, self, strict=True):
            text = text.replace(ours, theirs)
        return text

    @property
    def special_tokens(self) -> tuple[str, ...]:
        return ("<|pad|>", "<|bos|>", self.end, self.system, self.user, self.assistant)

    @property
    def chat_template(self) -> str:
        turns = "".join(
            f"{{% {'if' if role == 'system' else 'elif'} message.role == '{role}' %}}{mark}"
            for role, mark in (
                ("system", self.system),
                ("user", self.user),
                ("assistant", self.assistant),
            )
        )
        return (
            "{{ bos_token }}{% for message in messages %}"
            f"{turns}{{% endif %}}{{{{ message.content }}}}{self.end}"
            f"{{% endfor %}}{{% if add_generation_prompt %}}{self.assistant}{{% endif %}}"
        )


PLAIN = Dialect("<|system|>", "<|user|>", "<|assistant|>", "<|end|>")
HEADED = Dialect("<|start|>system:", "<|start|>user:", "<|start|>assistant:", "<|stop|>")
DIALECTS = {"plain": PLAIN, "headed": HEADED}
