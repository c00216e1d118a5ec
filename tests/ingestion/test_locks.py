"""One writer at a time; the second is told who holds the lock."""

import subprocess
import sys
from pathlib import Path

import pytest

from ingestion.locks import Busy, writer_lock


def test_another_process_is_told_who_writes_and_gets_its_turn_afterwards(tmp_path: Path) -> None:
    code = f"""if True:
        from pathlib import Path
        from ingestion.locks import writer_lock
        with writer_lock(Path({str(tmp_path)!r}), "夜间刷新"):
            print("held", flush=True)
            input()"""
    with subprocess.Popen(
        [sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as other:
        assert other.stdout and other.stdin
        assert other.stdout.readline().strip() == "held"
        with pytest.raises(Busy, match=f"进程 {other.pid}，夜间刷新"), writer_lock(tmp_path, "第二个"):
            pass
        other.stdin.write("\n")
        other.stdin.flush()
        other.wait()
    with writer_lock(tmp_path, "第二个"), writer_lock(tmp_path, "同一进程可重入"):
        pass


def test_a_killed_holder_leaves_no_lock(tmp_path: Path) -> None:
    code = f"""if True:
        import os
        from pathlib import Path
        from ingestion.locks import writer_lock
        with writer_lock(Path({str(tmp_path)!r}), "会被终止"):
            os._exit(137)"""
    subprocess.run([sys.executable, "-c", code], check=False)
    with writer_lock(tmp_path, "下一个"):
        pass
