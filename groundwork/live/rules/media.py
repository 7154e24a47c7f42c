"""What may be uploaded, what is wrong with it in words, cuts and captions."""

from __future__ import annotations

import re

from groundwork.base.errors import N_, RuleBroken

MB = 1 << 20
LONGEST = 12 * 3600  # seconds of a recording
SHORTEST = 1.0
MOST_PIXELS = 4096 * 2304
MOST_ATTEMPTS = 3  # a file at which the work died so often is not tried again
MOST_CAPTIONS = 2 * MB

# Why a recording cannot be used, in words for who uploaded it.
PROBLEMS: dict[str, str] = {
    "no_film": N_("这不是能识别的录像文件。请上传 MP4、MOV、MKV 或 FLV。"),
    "no_length": N_("文件里没有可以播放的画面，或者不到一秒。"),
    "too_long": N_("录像超过十二小时，请剪短再上传。"),
    "too_large": N_("画面超过 4096×2304，请缩小再上传。"),
    "broken": N_("文件已损坏，读到一半就读不下去了。请从原来的设备里重新导出。"),
    "crashed": N_("处理三次都没有完成。请转成 H.264/AAC 的 MP4 再上传。"),
    "disk": N_("服务器磁盘空间不足，没有处理完。清出空间后请重新上传。"),
    "room": N_("服务器磁盘已满，回看还没有做好。录下的都在，清出空间后会自动做好。"),
    "empty": N_("没有录下任何内容。"),
}


def check_upload(size: int, most_mb: int) -> None:
    """Refuse an empty file and one over the limit. Raises RuleBroken."""
    if size == 0:
        raise RuleBroken(N_("文件是空的。"))
    if size > most_mb * MB:
        raise RuleBroken(N_("文件有 %(mb)s MB，最多 %(most)s MB。"), mb=size // MB, most=most_mb)


def problem_of(seconds: float, width: int, height: int) -> str:
    """Name what is wrong with a file that could be read; "" when nothing is."""
    if seconds < SHORTEST:
        return "no_length"
    if seconds > LONGEST:
        return "too_long"
    return "too_large" if width * height > MOST_PIXELS else ""


def check_trim(start: float, end: float | None, duration: float | None) -> None:
    """Refuse cuts that leave nothing or lie outside. Raises RuleBroken."""
    if start < 0 or (end is not None and end <= start):
        raise RuleBroken(N_("结束必须在开始之后。"))
    if duration is not None and start >= duration - SHORTEST:
        raise RuleBroken(N_("开始的位置超过了录像的长度。"))


_CLOCK = re.compile(
    r"(?:(\d{1,2}):)?(\d{1,3}):(\d{1,2})(?:[.,](\d{1,3}))?|(\d{1,5})(?:\.(\d{1,3}))?"
)


def seconds_of(text: str) -> float:
    """Read "1:02:03", "62:03", "62:03.5" or plain seconds. Raises RuleBroken."""
    found = _CLOCK.fullmatch(text.strip().replace("：", ":"))
    if found is None or int(found[3] or 0) > 59 or (found[1] and int(found[2]) > 59):
        raise RuleBroken(N_("时间请写成 时:分:秒，例如 0:03:20。"))
    whole = int(found[1] or 0) * 3600 + int(found[2] or 0) * 60 + int(found[3] or found[5] or 0)
    return whole + float(f"0.{found[4] or found[6] or 0}")


def clock_of(seconds: float) -> str:
    """Write seconds as "1:02:03"."""
    whole = int(seconds)
    return f"{whole // 3600}:{whole // 60 % 60:02}:{whole % 60:02}"


_CUE = re.compile(
    r"^(?:(\d{2,}):)?(\d\d):(\d\d)\.(\d{3})\s+-->\s+(?:(\d{2,}):)?(\d\d):(\d\d)\.(\d{3})"
)


def check_captions(text: str) -> None:
    """Refuse what is no WebVTT with at least one cue. Raises RuleBroken."""
    if len(text.encode()) > MOST_CAPTIONS:
        raise RuleBroken(N_("字幕文件太大，最多 2 MB。"))
    if not text.startswith("WEBVTT"):
        raise RuleBroken(N_("这不是 WebVTT 字幕：第一行应是 WEBVTT。"))
    if not any(_CUE.match(line) for line in text.splitlines()):
        raise RuleBroken(N_("字幕里没有一行带时间的内容。"))


def shift_captions(text: str, seconds: float) -> str:
    """Bring captions forward by what was cut off the start; what ends before it is gone."""
    if not seconds:
        return text
    blocks = re.split(r"\n{2,}", text.replace("\r\n", "\n").replace("\r", "\n"))
    kept = [moved for block in blocks if (moved := _shift(block, seconds)) is not None]
    return "\n\n".join(kept) + ("\n" if not kept[-1].endswith("\n") else "")


def _shift(block: str, seconds: float) -> str | None:
    lines = block.split("\n")
    for number, line in enumerate(lines):
        found = _CUE.match(line)
        if found is None:
            continue
        begin, end = _cue_time(found, 1) - seconds, _cue_time(found, 5) - seconds
        if end <= 0:
            return None
        lines[number] = f"{_cue(max(0.0, begin))} --> {_cue(end)}{line[found.end() :]}"
        break
    return "\n".join(lines)


def _cue_time(found: re.Match[str], first: int) -> float:
    hours, minutes, whole, parts = (int(found[n] or 0) for n in range(first, first + 4))
    return hours * 3600 + minutes * 60 + whole + parts / 1000


def _cue(seconds: float) -> str:
    ms = round(seconds * 1000)
    return f"{ms // 3600000:02}:{ms // 60000 % 60:02}:{ms // 1000 % 60:02}.{ms % 1000:03}"
