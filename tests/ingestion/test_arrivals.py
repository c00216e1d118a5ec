"""What may enter, under which name, and when the same thing twice is nothing new."""

from __future__ import annotations

import os
import threading
import time
from datetime import UTC, datetime
from pathlib import Path

import pytest

from ingestion.arrivals import Arrivals, safe_name


@pytest.fixture
def inbox(tmp_path: Path) -> Path:
    (tmp_path / "inbox").mkdir()
    return tmp_path / "inbox"


@pytest.fixture
def arrivals(tmp_path: Path) -> Arrivals:
    return Arrivals(tmp_path / "arrivals", max_file_mb=1, look_seconds=0)


def test_bytes_are_kept_by_content_and_the_same_bytes_are_no_new_attempt(arrivals: Arrivals, inbox: Path) -> None:
    (inbox / "330303").mkdir()
    (inbox / "330303" / "a.xlsx").write_bytes(b"one")
    (inbox / "b.xlsx").write_bytes(b"two")
    first = arrivals.collect(inbox, "workbook")
    assert [(a.file_id, a.file_name, a.is_new) for a in first] == [(1, "330303/a.xlsx", True), (2, "b.xlsx", True)]
    assert first[0].path.read_bytes() == b"one"
    assert first[0].path == arrivals.root / first[0].sha256[:2] / first[0].sha256
    (inbox / "copy.xlsx").write_bytes(b"one")
    second = arrivals.collect(inbox, "workbook")
    assert [(a.file_id, a.is_new) for a in second] == [(1, False), (2, False)]


def test_a_path_that_goes_back_to_older_bytes_is_a_new_attempt(arrivals: Arrivals, inbox: Path) -> None:
    for moment, content in enumerate([b"good", b"mistake", b"good"]):
        (inbox / "a.xlsx").write_bytes(content)
        os.utime(inbox / "a.xlsx", (moment, moment))
        arrivals.collect(inbox, "workbook")
    assert [a.path.read_bytes() for a in arrivals.all("workbook")] == [b"good", b"mistake", b"good"]


def test_declared_receipt_times_order_the_attempts(arrivals: Arrivals, inbox: Path) -> None:
    (inbox / "late.xlsx").write_bytes(b"late")
    (inbox / "early.xlsx").write_bytes(b"early")
    receipts = "file,received_at\nlate.xlsx,2020-10-20 09:00:00\nearly.xlsx,2020-10-05T09:00:00+08:00\nx.xlsx,不知道\n"
    (inbox / "receipts.csv").write_text(receipts, encoding="utf-8")
    found = {a.file_name: a for a in arrivals.collect(inbox, "workbook")}
    assert found["early.xlsx"].file_id < found["late.xlsx"].file_id
    assert found["early.xlsx"].received_at == datetime(2020, 10, 5, 1, tzinfo=UTC).replace(tzinfo=None)
    assert "第 4 行" in found["receipts.csv"].refusal


def test_a_file_still_being_written_waits_for_the_next_look(tmp_path: Path, inbox: Path) -> None:
    arrivals = Arrivals(tmp_path / "arrivals", look_seconds=0.4)
    (inbox / "done.xlsx").write_bytes(b"done")
    stop = threading.Event()

    def write() -> None:
        with (inbox / "slow.xlsx").open("wb") as stream:
            while not stop.is_set():
                stream.write(b"x")
                stream.flush()
                time.sleep(0.02)

    writer = threading.Thread(target=write)
    writer.start()
    time.sleep(0.1)
    first = arrivals.collect(inbox, "workbook")
    stop.set()
    writer.join()
    assert [a.file_name for a in first] == ["done.xlsx"]
    assert arrivals.pending == ["slow.xlsx"]
    assert len(arrivals.collect(inbox, "workbook")) == 2


def test_links_pipes_folders_and_giants_are_refused_with_a_reason(arrivals: Arrivals, inbox: Path) -> None:
    (inbox / "real.xlsx").write_bytes(b"real")
    os.link(inbox / "real.xlsx", inbox / "hard.xlsx")
    (inbox / "link.xlsx").symlink_to("/etc/passwd")
    os.mkfifo(inbox / "pipe.xlsx")
    (inbox / "folder.xlsx").mkdir()
    (inbox / "giant.xlsx").write_bytes(b"x" * (1024 * 1024 + 1))
    found = {a.file_name: a.refusal for a in arrivals.collect(inbox, "workbook")}
    assert found.keys() - {"real.xlsx", "hard.xlsx"} == {"link.xlsx", "pipe.xlsx", "folder.xlsx", "giant.xlsx"}
    assert "符号链接" in found["link.xlsx"]
    assert "管道" in found["pipe.xlsx"]
    assert "文件夹" in found["folder.xlsx"]
    assert "1 MB" in found["giant.xlsx"]
    assert len(arrivals.collect(inbox, "workbook")) == len(found)


@pytest.mark.parametrize(
    "name",
    [
        "../../etc/x.xlsx", "C:\\temp\\x.xlsx", "a\0b.xlsx", "abc\u202excod.xlsx", "长" * 300 + ".xlsx", "-rf.xlsx",
        "CON", "😀.xlsx", "<script>alert(1)</script>.xlsx", "=cmd().xlsx", "行\n列.xlsx",
    ],
)  # fmt: skip
def test_a_hostile_name_is_only_a_label(arrivals: Arrivals, name: str) -> None:
    arrival = arrivals.submit(b"content of " + name.encode(), name, "workbook")
    assert arrival.path.parent.parent == arrivals.root
    assert arrival.path.is_file()
    assert len(arrival.file_name) <= 200
    assert not set(arrival.file_name) & set("\0\n\u202e/\\")


def test_names_on_disk_that_are_no_utf8_are_shown_safely(arrivals: Arrivals, inbox: Path) -> None:
    (inbox / os.fsdecode(b"\xb1\xed.xlsx")).write_bytes(b"gbk name")
    assert arrivals.collect(inbox, "workbook")[0].file_name == "\ufffd\ufffd.xlsx"
    assert safe_name("正常.xlsx") == "正常.xlsx"


def test_plans_are_read_from_the_folder_itself_only(arrivals: Arrivals, inbox: Path) -> None:
    (inbox / "plan.txt").write_text("要点")
    (inbox / "plans.csv").write_text("file,region,year\n")
    (inbox / "old").mkdir()
    (inbox / "old" / "older.txt").write_text("旧要点")
    assert [a.file_name for a in arrivals.collect(inbox, "plan")] == ["plan.txt"]
    assert arrivals.all("workbook") == []
