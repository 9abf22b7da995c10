from chassis.log import only_safe


def regel(**waarden: object) -> dict[str, object]:
    return dict(only_safe(None, "info", dict(waarden)))


def test_alleen_bekende_sleutels() -> None:
    assert regel(event="gestart", naam_client="Jansen", bsn="999990018") == {"event": "gestart"}


def test_een_bsn_wordt_altijd_gemaskeerd() -> None:
    assert "999990018" not in str(regel(event="x 999990018", client_id="999990018", aantal=999990018))


def test_zes_cijfers_buiten_een_id() -> None:
    assert regel(reden="nr 123456 x") == {"reden": "nr * x"}
    assert regel(event_id="0199-123456-7") == {"event_id": "0199-123456-7"}
    assert regel(aanbieder="75750101", aantal=12) == {"aanbieder": "75750101", "aantal": 12}
    assert regel(codes=["9326", "1234567"]) == {"codes": ["9326", "*"]}
