from pathlib import Path

import pytest

from temper.config import (
    Config,
    divided,
    dump_config,
    load_config,
    load_harden,
    load_worry,
    parse_setting,
)
from temper.config.section import Section
from temper.errors import ConfigError


def test_an_unknown_key_is_answered_with_the_nearest(tmp_path: Path):
    path = tmp_path / "run.toml"
    path.write_text("[attack]\nmax_querys = 5\n[targt]\nname = 'x'\n")
    with pytest.raises(ConfigError) as caught:
        load_config(path)
    assert "did you mean 'attack.max_queries'?" in str(caught.value)
    assert "did you mean 'target" in str(caught.value)


def test_all_wrong_values_are_named_at_once():
    with pytest.raises(ConfigError) as caught:
        load_config(None, {"attack.max_queries": "many", "run.seed": -1})
    assert "attack.max_queries" in str(caught.value)
    assert "run.seed" in str(caught.value)
    assert "'many'" in str(caught.value)


def sections_below(kind: type[Section]) -> list[type[Section]]:
    return [one for sub in kind.__subclasses__() for one in (sub, *sections_below(sub))]


@pytest.mark.parametrize("kind", sections_below(Section), ids=lambda kind: kind.__name__)
def test_naming_one_setting_of_a_section_leaves_the_others_at_their_defaults(kind: type[Section]):
    for name, field in kind.model_fields.items():
        if isinstance(field.default, Section):
            read_from_a_file_that_names_none = type(field.default)()
            assert field.default == read_from_a_file_that_names_none, name
            assert field.annotation is type(field.default), name


def test_bad_toml_says_where(tmp_path: Path):
    path = tmp_path / "run.toml"
    path.write_text("[attack\n")
    with pytest.raises(ConfigError, match="line 1"):
        load_config(path)


def test_what_is_written_is_read_back_the_same(tmp_path: Path):
    config = load_config(None, {"red.name": "abacus-s", "attack.threshold": 2, "run.seed": 3})
    path = tmp_path / "config.toml"
    path.write_text(dump_config(config))
    assert load_config(path) == config


def test_settings_on_the_command_line_are_read_as_toml():
    assert parse_setting("attack.problems=8") == ("attack.problems", 8)
    assert parse_setting("target.name=./my-model") == ("target.name", "./my-model")
    with pytest.raises(ConfigError, match=r"section\.key=value"):
        parse_setting("attack.problems")


def test_only_what_bounds_the_work_is_free_to_change():
    fixed = Config().attack.fixed()
    assert "threshold" in fixed
    assert "max_queries" not in fixed
    assert "attackers" not in fixed
    assert set(Config().target.fixed()) == {"name", "model", "system", "http"}


def test_a_cap_is_divided_among_searches_and_measurement():
    settings = divided(load_config(None, {"budget.max_queries": 10_000}))
    searches = settings.attack.max_queries * 4  # "none" searches for nothing
    attacks = 4 * (settings.measure.max_attacks + settings.measure.proposed)
    plain = 2 * (2 * settings.measure.clean_problems + settings.measure.problems)
    assert 9_000 < searches + 2 * attacks * settings.measure.problems + plain <= 10_000
    assert settings.measure.proposed >= 1


def test_a_cap_changes_nothing_that_was_asked_for_and_nothing_where_it_is_too_small():
    given = {"budget.max_queries": 10_000, "attack.max_queries": 5_000, "measure.proposed": 9}
    settings = divided(load_config(None, given))
    assert (settings.attack.max_queries, settings.measure.proposed) == (5_000, 9)
    for free in ({}, {"budget.max_queries": 50}):
        assert divided(load_config(None, free)) == load_config(None, free)


def test_a_run_from_a_worry_is_hardened_as_a_model_that_talks(tmp_path: Path):
    recipe = load_worry(Path(__file__).parent.parent / "recipes" / "harden_rudeness.toml")
    assert recipe.harden is not None
    (tmp_path / "config.toml").write_text(dump_config(recipe))
    found = load_harden(str(tmp_path), {"source": str(tmp_path), "harden.rl.steps": 7})
    assert found.harden.methods == ("rl",)
    assert found.harden.rl.model_copy(update={"steps": 60}) == recipe.harden.rl
    sums = load_harden("no such run", {"source": "no such run"})
    assert sums.harden.rl.max_tokens < found.harden.rl.max_tokens
