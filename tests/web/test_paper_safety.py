"""Word files nobody should trust: what may run, fetch, hide or exhaust is refused before anything is made of it."""

import io
import zipfile
from typing import Any

import pytest
from docx import Document

from bulou.kernel import clock
from bulou.kernel.errors import BulouError
from bulou.web.paper import example, filling, inspecting, office, printing
from bulou.web.paper.language import PaperEnvironment
from web.word_files import BODY, OURS, bare, ours, part_of, saved, with_body, with_parts, with_words
from web.world import NOON

RELATIONS = "word/_rels/document.xml.rels"
TYPES = "[Content_Types].xml"
RUN = "<w:r><w:t>%s</w:t></w:r>"
CODE = "<w:p>%s<w:r><w:instrText>%s</w:instrText></w:r>%s</w:p>"
BEGIN, END = (f'<w:r><w:fldChar w:fldCharType="{sort}"/></w:r>' for sort in ("begin", "end"))


def fill(content: bytes, kind: str = "order") -> filling.Filled:
    with clock.at(NOON):
        return filling.fill(content, example.example(kind, office.NONE), kind)


def refusal(content: bytes) -> str:
    with pytest.raises(BulouError) as caught:
        fill(content)
    return caught.value.to("en")


def code(text: str) -> str:
    return CODE % (BEGIN, text, END)


def relation(sort: str, target: str, mode: str = "") -> bytes:
    kind = f"http://schemas.openxmlformats.org/officeDocument/2006/relationships/{sort}"
    mode = f' TargetMode="{mode}"' if mode else ""
    one = f'<Relationship Id="rIdX" Type="{kind}" Target="{target}"{mode}/>'
    return with_parts({RELATIONS: part_of(ours(), RELATIONS).replace("</Rel", f"{one}</Rel").encode()})


class TestTheFile:
    def test_ours_is_taken_and_names_all_a_paper_needs(self) -> None:
        for kind in ("order", "release"):
            assert fill(ours(), kind).lacking == []

    @pytest.mark.parametrize(
        ("content", "said"),
        [
            (b"", "no Word file"),
            (b"%PDF-1.7", "no Word file"),
            (b"PK\x03\x04 torn", "no Word file"),
            (b"\xd0\xcf\x11\xe0" + bytes(600), "old format"),
            (bytes(inspecting.LARGEST + 1), "more than 5 MB"),
        ],
        ids=["empty", "pdf", "torn", "old or with a password", "large"],
    )
    def test_what_is_no_word_file_is_said(self, content: bytes, said: str) -> None:
        assert said in refusal(content)
        assert "The template in force stays" in refusal(content)

    def test_a_file_cut_short_is_refused(self) -> None:
        assert "no Word file" in refusal(ours()[:-400])

    def test_a_spreadsheet_is_refused(self) -> None:
        made = io.BytesIO()
        with zipfile.ZipFile(made, "w") as file:
            file.writestr(TYPES, "<Types/>")
            file.writestr("xl/workbook.xml", "<workbook/>")

        assert refusal(made.getvalue())

    @pytest.mark.parametrize(
        "name",
        ["word/vbaProject.bin", "word/embeddings/table.xlsx", "word/activeX/a.bin", "word/fonts/f.odttf", "run.exe"],
    )
    def test_macros_and_embedded_files_are_refused_by_name(self, name: str) -> None:
        assert name in refusal(with_parts({name: b"x"}))

    def test_a_file_that_says_it_holds_macros_is_refused(self) -> None:
        types = part_of(ours(), TYPES).replace(
            "openxmlformats-officedocument.wordprocessingml.document.main", "ms-word.document.macroEnabled.main"
        )

        assert "macros" in refusal(with_parts({TYPES: types.encode()}))

    def test_a_bomb_is_refused_however_small_it_is_packed(self) -> None:
        content = with_parts({"word/media/seal.png": bytes(inspecting.LARGEST_OPEN + 1)})

        assert len(content) < inspecting.LARGEST
        assert "too large" in refusal(content)

    def test_a_bomb_that_lies_about_its_size_is_counted_as_it_unpacks(self) -> None:
        content = bytearray(with_parts({"word/big.xml": b"<a>" + b" " * (2 * inspecting.LARGEST_PART) + b"</a>"}))
        size = (2 * inspecting.LARGEST_PART + 7).to_bytes(4, "little")
        assert content.count(size) == 2
        content = content.replace(size, (5).to_bytes(4, "little"))

        assert refusal(bytes(content))

    def test_a_part_that_stands_there_twice_is_refused(self) -> None:
        made = io.BytesIO(ours())
        with pytest.warns(UserWarning, match="Duplicate"), zipfile.ZipFile(made, "a") as file:
            file.writestr(BODY, "<w:document/>")

        assert "not put together" in refusal(made.getvalue())

    def test_entities_that_multiply_or_read_files_are_refused(self) -> None:
        body = part_of(ours(), BODY)
        start = body.index("<w:document")
        for entity in ('<!ENTITY a "ha"><!ENTITY b "&a;&a;">', '<!ENTITY a SYSTEM "file:///etc/hostname">'):
            changed = f"<?xml version='1.0'?><!DOCTYPE d [{entity}]>{body[start:].replace('{{ number }}', '&a;')}"

            assert "entities" in refusal(with_parts({BODY: changed.encode()}))

    @pytest.mark.parametrize(
        ("sort", "target", "mode"),
        [
            ("attachedTemplate", "https://example.invalid/evil.dotm", "External"),
            ("image", "http://example.invalid/seen.png", "External"),
            ("hyperlink", "https://example.invalid/", "External"),
            ("image", "file:///etc/hostname", ""),
            ("image", "\\\\example.invalid\\share\\a.png", ""),
            ("oleObject", "embeddings/a.xml", ""),
            ("aFChunk", "chunk.xml", ""),
            ("subDocument", "other.xml", ""),
        ],
    )
    def test_what_leads_elsewhere_or_holds_another_file_is_refused(self, sort: str, target: str, mode: str) -> None:
        said = refusal(relation(sort, target, mode))

        assert "another place" in said or "embedded object" in said

    @pytest.mark.parametrize("element", ["<w:object/>", "<w:altChunk/>", "<w:control/>", "<w:subDoc/>"])
    def test_objects_in_the_text_are_refused(self, element: str) -> None:
        assert "embedded object" in refusal(with_body(f"<w:p><w:r>{element}</w:r></w:p>"))


class TestFieldsOfWord:
    @pytest.mark.parametrize(
        "text",
        [
            "DDEAUTO c:\\\\x",
            "INCLUDETEXT /etc/hostname",
            "INCLUDEPICTURE x",
            "QUOTE 65",
            "MACROBUTTON x",
            "HYPERLINK x",
        ],
    )
    def test_a_field_that_fetches_or_runs_is_refused(self, text: str) -> None:
        assert "field of Word" in refusal(with_body(code(text)))
        assert "field of Word" in refusal(with_body(f'<w:p><w:fldSimple w:instr="{text}"/></w:p>'))

    def test_page_numbers_and_dates_are_taken(self) -> None:
        assert fill(with_body(code(" PAGE ") + code("DATE \\@ yyyy") + '<w:p><w:fldSimple w:instr="NUMPAGES"/></w:p>'))

    @pytest.mark.parametrize(
        "inside",
        [
            CODE % (BEGIN + (RUN % "{% if title %}"), "PAGE {% endif %}DDEAUTO x", END),
            CODE % (BEGIN, "PAGE {{ title }}", END),
            CODE % (BEGIN + (CODE % (BEGIN, "PAGE", "")).removeprefix("<w:p>").removesuffix("</w:p>"), "PAGE", END),
            "<w:p><w:r><w:instrText>DDEAUTO x</w:instrText></w:r></w:p>",
            CODE % (BEGIN, "PA</w:instrText></w:r><w:r><w:instrText>GEX", END),
        ],
        ids=["a template drops the harmless word", "a value becomes code", "a field in a field", "loose", "in pieces"],
    )
    def test_a_code_put_together_by_tricks_is_refused(self, inside: str) -> None:
        assert "field of Word" in refusal(with_body(inside))


class TestTheLanguage:
    @pytest.mark.parametrize(
        "said",
        [
            "{{ ''.__class__.__mro__ }}",
            "{{ title.__class__ }}",
            "{{ title['__class__'] }}",
            "{{ lines.append(1) }}",
            "{{ cycler.__init__.__globals__.os.popen('id').read() }}",
            "{{ lipsum.__globals__ }}",
            "{{ self.__init__ }}",
            "{{ title|attr('__class__') }}",
            "{{ title|safe }}",
            "{{ title|center(1000000000) }}",
            "{{ 'a' * 1000000000 }}",
            "{{ 9 ** 9 ** 9 }}",
            "{% for x in range(1000000000) %}{% endfor %}",
            "{% for a in lines %}{% for b in lines %}{% for c in lines %}{% endfor %}{% endfor %}{% endfor %}",
            "{% for a, b in lines %}{% endfor %}",
            "{% for a in lines recursive %}{% endfor %}",
            "{% set x = lines %}",
            "{% macro x() %}{% endmacro %}",
            "{% include 'etc' %}",
            "{% import 'os' as os %}",
            "{% extends 'x' %}",
            "{% block x %}{% endblock %}",
            "{% filter upper %}x{% endfilter %}",
            "{% call title() %}{% endcall %}",
            "{{ [1, 2] }}",
            "{{ {} }}",
            "{{ -1 }}",
            "{{ title ~ title }}",
        ],
    )
    def test_what_calls_computes_or_reaches_into_objects_never_runs(self, said: str) -> None:
        with pytest.raises(BulouError):
            PaperEnvironment().from_string(said)

        assert "The template in force stays" in refusal(with_words(said))

    def test_fields_conditions_lists_and_their_filters_are_taken(self) -> None:
        said = (
            "{% if number and not days == '3' %}{{ number|upper }}{% else %}{{ title|default('x') }}{% endif %}"
            "{% for one in lines %}{{ loop.index }} {{ one.label }}{% if not loop.last %}, {% endif %}{% endfor %}"
            "{{ lines[0].value }}{{ office.head|join('; ') }}{{ office.name if office.name else name }}"
        )

        texts = [text for _part, text in filling.paragraphs(fill(with_words(said)).content)]

        assert any("1 " in text and "3 " in text for text in texts)

    def test_words_of_a_person_are_never_code(self) -> None:
        data = example_data() | {"name": "{{ title }} <w:p/> {% for %}", "lines": []}

        made = filling.fill(bare("{{ name }}"), data, "order")

        assert ("body", "{{ title }} <w:p/> {% for %}") in list(filling.paragraphs(made.content))

    def test_properties_of_the_document_are_kept_in_the_same_walls(self) -> None:
        document = Document(str(OURS))
        document.core_properties.subject = "{{ x.y }}"

        assert "no field x" in refusal(saved(document))

    def test_thousands_of_braces_are_refused_before_they_are_read(self) -> None:
        assert "too many fields" in refusal(with_words("{{" * 600))


class TestWhatIsSaid:
    def test_an_unknown_field_is_named_with_the_nearest_and_its_place(self) -> None:
        said = refusal(with_words("签发单位 {{ isuer }} 盖章"))

        assert "no field isuer" in said
        assert "Is issuer meant?" in said
        assert "签发单位" in said

    def test_a_field_of_the_other_paper_is_unknown_here(self) -> None:
        assert "no field follow_up_days" in refusal(with_words("{{ follow_up_days }}"))
        assert fill(with_words("{{ follow_up_days }}"), "release")

    def test_an_unknown_word_of_the_office_is_named(self) -> None:
        assert "Is seal meant?" in refusal(with_words("{{ office.seel }}"))

    def test_a_tag_that_is_not_closed_is_told_with_its_place(self) -> None:
        said = refusal(with_words("前文", "{% if number %} 文号", "后文"))

        assert "Every {% if %} and {% for %} needs its end" in said

    def test_a_template_that_breaks_the_document_is_refused(self) -> None:
        assert refusal(bare("{%tr for line in lines %}", "{%tr endfor %}", "{%p if title %}"))

    def test_what_a_paper_does_without_is_told(self) -> None:
        assert fill(bare("{{ title }}")).lacking == ["name", "paragraphs", "number", "address"]
        assert fill(bare("{{ name }}{{ number }}{{ address }}")).lacking == ["paragraphs"]


def test_the_office_s_own_folder_is_kept_in_the_same_walls(settings: Any, tmp_path: Any) -> None:
    (tmp_path / "paper.docx").write_bytes(with_words("{{ lipsum.__globals__ }}"))
    settings.PAPERS = tmp_path

    with pytest.raises(BulouError, match="no field lipsum"):
        printing.word(printing.stock(), example_data(), "order")


def test_an_empty_document_is_a_template_too() -> None:

    assert fill(saved(Document()))


def example_data() -> dict[str, Any]:
    with clock.at(NOON):
        return example.example("order", office.NONE)
