"""The demonstration city loads once, and its log tells the truth about it."""

from __future__ import annotations


def test_it_loads_once_and_the_log_agrees(app, client):
    run = app.test_cli_runner().invoke
    first = run(args=["demo", "load"])
    assert first.exit_code == 0, first.output
    assert first.output.splitlines()[-1] == "demo loaded"
    assert run(args=["demo", "load"]).output.splitlines()[-1] == "demo already loaded"
    assert run(args=["audit", "verify"]).exit_code == 0
    assert run(args=["audit", "check"]).exit_code == 0
    page = client.get("/")
    assert page.status_code == 200
    assert "Sepidrud" in page.text
