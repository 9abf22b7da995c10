from chassis import trace
from chassis.log import add_trace_id, only_safe


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


def test_een_regel_draagt_de_trace_waarin_hij_valt() -> None:
    trace.configure("proef", "proef-1")
    traceparent = f"00-{'4b' * 16}-{'1f' * 8}-01"
    with trace.continued(traceparent, "proef"):
        assert add_trace_id(None, "info", {"event": "x"}) == {"event": "x", "trace_id": "4b" * 16}
        assert add_trace_id(None, "info", {"trace_id": "ander"}) == {"trace_id": "ander"}
    assert add_trace_id(None, "info", {"event": "x"}) == {"event": "x"}


def test_een_ongeldige_traceparent_begint_een_nieuwe_trace() -> None:
    trace.configure("proef", "proef-1")
    for ongeldig in (None, "", "x", f"00-{'0' * 32}-{'1f' * 8}-01", "00-999990018-x-01"):
        with trace.continued(ongeldig, "proef"):
            nieuw = trace.trace_id(trace.current())
            assert nieuw is not None and len(nieuw) == 32 and nieuw not in (ongeldig or "")
