"""The participant's own page."""

from programme.views.my_page import _parts


def test_a_line_without_a_full_stop_is_a_heading() -> None:
    body = "Varför vi frågar\r\n\r\nVi räknar timmar.\nVarje timme räknas.\r\n\r\n\r\nHär:\n\n"
    assert _parts(body) == [
        (True, "Varför vi frågar"),
        (False, "Vi räknar timmar.\nVarje timme räknas."),
        (False, "Här:"),
    ]
