"""Makes the demo's short films from the words in ``programme/data/lectures.json``.

``python -m docs.films`` needs ffmpeg and a font; what it makes is kept with the code, so
nobody needs it to run the portal. The films are text on a calm ground, without sound: their
captions and chapters come from the same words, so they always fit.
"""

import json
import subprocess
import tempfile
import textwrap
from pathlib import Path

DATA = Path(__file__).resolve().parent.parent / "programme" / "data"
FILMS = DATA / "lectures"
FONT = "/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf"
SIZE = "640x360"
GROUND, INK, MUTED = "0x0e4a4f", "0xffffff", "0xd3e6e4"

Cue = tuple[float, float, str, str]


def main() -> None:
    """Every lecture that has a film."""
    FILMS.mkdir(exist_ok=True)
    for lecture in json.loads((DATA / "lectures.json").read_text(encoding="utf-8"))["lectures"]:
        if lecture["film"]:
            make(lecture["key"], lecture["title"], lecture["film"])


def make(key: str, title: str, chapters: list[tuple[str, list[str]]]) -> None:
    """The film, its captions and its chapters."""
    cues, marks, at = [], [], 0.0
    for name, sentences in chapters:
        marks.append(f"{int(at) // 60}:{int(at) % 60:02} {name}")
        for sentence in sentences:
            length = float(max(11, round(len(sentence) / 5)))
            cues.append((at, at + length, name, sentence))
            at += length
        at += 3
    blocks = [f"{_clock(a)} --> {_clock(b)}\n{text}" for a, b, _name, text in cues]
    _write(f"{key}.vtt", "WEBVTT\n\n" + "\n\n".join(blocks) + "\n")
    _write(f"{key}.txt", "\n".join(marks) + "\n")
    _film(key, title, cues, at)


def _write(name: str, text: str) -> None:
    (FILMS / name).write_text(text, encoding="utf-8")


def _clock(second: float) -> str:
    minutes, rest = divmod(second, 60)
    return f"{int(minutes):02}:{rest:06.3f}"


def _film(key: str, title: str, cues: list[Cue], length: float) -> None:
    with tempfile.TemporaryDirectory() as folder:
        filters: list[str] = []

        def words(text: str, size: int, y: int, colour: str, begin: float, end: float) -> None:
            path = Path(folder) / f"{len(filters)}.txt"
            path.write_text(text, encoding="utf-8")
            filters.append(
                f"drawtext=fontfile={FONT}:textfile={path}:fontsize={size}:fontcolor={colour}"
                f":x=48:y={y}:line_spacing=10:enable='between(t,{begin},{end})'"
            )

        words(title, 18, 40, MUTED, 0, length)
        for begin, end, name, text in cues:
            words(name, 20, 84, "0xd98b1f", begin, end)
            words("\n".join(textwrap.wrap(text, 40)), 26, 130, INK, begin, end)
        subprocess.run(
            [
                *("ffmpeg", "-y", "-loglevel", "error", "-f", "lavfi"),
                *("-i", f"color=c={GROUND}:s={SIZE}:r=1:d={length}", "-vf", ",".join(filters)),
                *("-c:v", "libvpx-vp9", "-b:v", "0", "-crf", "44", "-g", "20"),
                *("-pix_fmt", "yuv420p", "-fflags", "+bitexact", "-flags", "+bitexact"),
                str(FILMS / f"{key}.webm"),
            ],
            check=True,
        )


if __name__ == "__main__":
    main()
