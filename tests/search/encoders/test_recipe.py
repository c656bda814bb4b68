"""What a model's small files say, in the forms in which they are published. The card's text is made up."""

import pytest

from broadsheet.search.encoders.recipe import LONGEST, BadModelError, read_modules, read_recipe
from tests.search.encoders.tiny import write

PLACE = "sentence_transformers.models"


def test_an_empty_folder_means_the_mean_of_all_tokens(tmp_path):
    recipe = read_recipe(tmp_path)

    assert (recipe.pooling, recipe.most_tokens, recipe.others, recipe.licence) == (("mean",), LONGEST, (), "")


@pytest.mark.parametrize(
    ("config", "pooling"),
    [
        ({"pooling_mode_cls_token": True, "pooling_mode_mean_tokens": False}, ("cls",)),
        ({"pooling_mode_mean_sqrt_len_tokens": True}, ("mean_sqrt_len_tokens",)),
        ({"pooling_mode_lasttoken": True, "pooling_mode_cls_token": True}, ("cls", "lasttoken")),
        ({"pooling_mode": "weightedmean", "pooling_mode_cls_token": True}, ("weightedmean",)),
        ({"embedding_dimension": 384}, ("mean",)),
    ],
)
def test_pooling_is_read_in_its_old_and_its_new_form(tmp_path, config, pooling):
    write(tmp_path / "modules.json", [{"path": "1_Pooling", "type": f"{PLACE}.Pooling"}])
    write(tmp_path / "1_Pooling" / "config.json", config)

    assert read_recipe(tmp_path).pooling == pooling


@pytest.mark.parametrize("mode", ["median", [], ["cls", "median"], 3, None])
def test_a_pooling_that_is_none_is_told(tmp_path, mode):
    write(tmp_path / "modules.json", [{"path": "1_Pooling", "type": f"{PLACE}.Pooling"}])
    write(tmp_path / "1_Pooling" / "config.json", {"pooling_mode": mode})

    with pytest.raises(BadModelError, match="no pooling is called"):
        read_recipe(tmp_path)


def test_the_sentences_own_length_wins_over_the_networks(tmp_path):
    write(tmp_path / "sentence_bert_config.json", {"max_seq_length": 256})
    write(tmp_path / "config.json", {"max_position_embeddings": 512})

    assert read_recipe(tmp_path).most_tokens == 256


@pytest.mark.parametrize("said", [1e30, 8192, None, "many", 0, -1, True])
def test_a_length_that_is_absent_or_absurd_is_the_longest(tmp_path, said):
    write(tmp_path / "tokenizer_config.json", {"model_max_length": said})

    assert read_recipe(tmp_path).most_tokens == LONGEST


def test_prompts_of_queries_and_papers_are_read(tmp_path):
    write(tmp_path / "config_sentence_transformers.json", {"prompts": {"query": "query: ", "passage": "passage: "}})

    recipe = read_recipe(tmp_path)

    assert (recipe.query_prompt, recipe.text_prompt) == ("query: ", "passage: ")


def test_a_default_prompt_stands_where_none_is_named_for_the_kind(tmp_path):
    write(
        tmp_path / "config_sentence_transformers.json",
        {"prompts": {"query": "Q: ", "clustering": "C: "}, "default_prompt_name": "clustering"},
    )

    recipe = read_recipe(tmp_path)

    assert (recipe.query_prompt, recipe.text_prompt) == ("Q: ", "C: ")


@pytest.mark.parametrize("prompts", [None, [], {"query": 3}, {"query": None}])
def test_prompts_that_are_no_texts_are_none(tmp_path, prompts):
    write(tmp_path / "config_sentence_transformers.json", {"prompts": prompts})

    assert read_recipe(tmp_path).query_prompt == ""


@pytest.mark.parametrize(
    ("card", "licence"),
    [
        ("---\nlanguage: en\nlicense: apache-2.0\n---\n# A model\n", "apache-2.0"),
        ("---\nlicense: other\nlicense_name: acme-research\n---\n", "acme-research"),
        ('---\nlicense: "mit" # as the data\n---\n', "mit"),
        ("---\nlanguage: en\n---\nlicense: told-below-the-head\n", ""),
        ("# A model\nlicense: mit\n", ""),
    ],
)
def test_the_licence_is_the_one_in_the_head_of_the_card(tmp_path, card, licence):
    (tmp_path / "README.md").write_text(card)

    assert read_recipe(tmp_path).licence == licence


@pytest.mark.parametrize("path", ["../elsewhere", "/etc", "1_Pooling/../.."])
def test_a_module_outside_the_folder_is_refused(tmp_path, path):
    write(tmp_path / "modules.json", [{"path": path, "type": f"{PLACE}.Pooling"}])

    with pytest.raises(BadModelError, match="lies outside the folder"):
        read_modules(tmp_path)


@pytest.mark.parametrize("content", ["[", "{}", "[]", "[1]", "[" * 100_000, '[{"path": ""}]', "\x00"])
def test_a_damaged_list_of_modules_is_told(tmp_path, content):
    (tmp_path / "modules.json").write_text(content)

    with pytest.raises(BadModelError, match=r"modules\.json"):
        read_modules(tmp_path)


@pytest.mark.parametrize("name", ["sentence_bert_config.json", "config_sentence_transformers.json", "config.json"])
def test_a_small_file_that_is_no_object_is_told(tmp_path, name):
    (tmp_path / name).write_text("[1, 2]")

    with pytest.raises(BadModelError, match=f"{name}: not a JSON object"):
        read_recipe(tmp_path)


def test_a_small_file_of_megabytes_is_told(tmp_path):
    (tmp_path / "config.json").write_text('{"a": "' + "x" * (1 << 20) + '"}')

    with pytest.raises(BadModelError, match="larger than any such file"):
        read_recipe(tmp_path)
