from pathlib import Path

import pytest

from temper.config import Config, dump_config, load_config, parse_setting
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
