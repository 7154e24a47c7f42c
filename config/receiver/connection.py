"""One encoder: its key, its codecs, what it sends, and every way in which it may end."""

from __future__ import annotations

import asyncio
import contextlib
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from django.db import DatabaseError

from config.logs import logger
from config.receiver.encoder import Encoder
from groundwork.live.actions import pushing
from groundwork.live.actions.pushing import Begun
from groundwork.live.media import files, flv
from groundwork.live.media.rtmp import Goodbye, Media, ProtocolError, Publish, Session
from groundwork.live.media.showing import Showing
from groundwork.live.models import Push
from groundwork.live.rules import pushing as rules

if TYPE_CHECKING:
    from config.receiver import Receiver

log = logger("groundwork.receiver")
Ending = Push.Ending
BEFORE_KEY = 10.0  # seconds until somebody has shown a key
SILENT = rules.SILENT.total_seconds()
ROUND = 1.0  # seconds between two looks at what ffmpeg has done
MOST_WAITING = 16 << 20  # bytes held until the codecs are known
# Seconds of pictures after which the first segment must be there, else they are none.
NOTHING_YET = 20_000  # ms


@dataclass(eq=False)
class Connection:
    """One encoder's connection."""

    receiver: Receiver
    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter
    session: Session = field(default_factory=Session)
    tracks: flv.Tracks = field(default_factory=flv.Tracks)
    begun: Begun | None = None
    encoder: Encoder | None = None
    showing: Showing | None = None
    waiting: list[Media] = field(default_factory=list)
    held: int = 0  # bytes waiting
    start: int = 0  # ms, the time of the first picture
    last: int = 0
    ending: str = ""
    shown: bool = False
    heard_at: float = 0.0
    rounds: int = 0
    warned: bool = False  # the host knows that the disk will be short
    ended: asyncio.Event = field(default_factory=asyncio.Event)
    reading: asyncio.Task[None] | None = None

    async def run(self) -> None:
        """Read until the line ends one way or another, then put away what came."""
        self.heard_at = time.monotonic()
        looking = asyncio.create_task(self._look())
        self.reading = asyncio.create_task(self._read())
        try:
            await self.reading
        except asyncio.CancelledError:
            if not self.ending:  # by nobody here: the process is told to stop at once
                raise
        except (ProtocolError, ConnectionError) as fault:
            log.info("connection dropped", why=str(fault))
        finally:
            looking.cancel()
            await asyncio.gather(looking, return_exceptions=True)
            await self._put_away()
            self.ended.set()

    async def _read(self) -> None:
        while not self.ending:
            patience = SILENT if self.begun else BEFORE_KEY
            try:
                data = await asyncio.wait_for(self.reader.read(1 << 16), patience)
            except TimeoutError:
                return
            if not data:
                return
            self.heard_at = time.monotonic()
            for event in self.session.feed(data):
                await self._take(event)
                if self.ending:
                    break
            await self._send()

    async def _send(self) -> None:
        self.writer.write(self.session.outgoing())
        await self.writer.drain()

    async def _take(self, event: Publish | Media | Goodbye) -> None:
        if isinstance(event, Publish):
            await self._begin(event.name)
        elif isinstance(event, Goodbye):
            self.ending = Ending.STOPPED
        elif self.encoder is not None:
            await self._pass_on(event)
        else:
            await self._learn(event)

    async def _begin(self, key: str) -> None:
        receiver = self.receiver
        free = files.free_bytes(receiver.places.root)
        try:
            self.begun = await receiver.ask(pushing.begin_push, key, free=free)
        except rules.Refused as refusal:
            log.info("encoder refused", why=refusal.code)
            await self._refuse(refusal.code)
            return
        except DatabaseError:
            log.exception("no answer to a key")
            await self._refuse("server")
            return
        places = receiver.places
        self.showing = Showing(
            places.recording(self.begun.recording),
            places.stream(self.begun.stream),
            part=self.begun.part,
        )
        if not rules.may_record(files.free_bytes(places.root), receiver.reserve):
            self.showing.stop_keeping()
        self.shown = self.begun.shown
        self.session.accept()
        log.info("encoder begins", stream=self.begun.stream, part=self.begun.part)

    async def _refuse(self, code: str) -> None:
        """Tell the encoder why it is turned away or cut off."""
        self.session.refuse(*rules.TOLD[code])
        self.ending = self.ending or Ending.CLOSED
        await self._send()

    async def _cut_off(self, ending: str, code: str) -> None:
        """End from our side whatever the reading waits for."""
        self.ending = ending
        with contextlib.suppress(ConnectionError, TimeoutError):
            await asyncio.wait_for(self._refuse(code), 2)
        if self.reading is not None:
            self.reading.cancel()

    async def _learn(self, media: Media) -> None:
        """Hold what comes until pictures and sound have said what they are."""
        self.tracks.look(media)
        self.waiting.append(media)
        self.held += len(media.data)
        if self.tracks.problem or self.held > MOST_WAITING:
            self.ending = Ending.CODEC
            await self._refuse("codec")
        elif self.tracks.complete:
            await self._start_encoder()

    async def _start_encoder(self) -> None:
        assert self.begun is not None
        folder = self.receiver.places.recording(self.begun.recording)
        encoder = Encoder(folder / f"p{self.begun.part}")
        await encoder.start()
        (folder / "codecs").write_text(self.tracks.codecs)
        self.start = self.tracks.first or 0
        self.encoder = encoder
        await self._ask(
            pushing.note_tracks, self.begun.push, video=self.tracks.picture, audio="AAC"
        )
        head = b"".join(flv.tag(media, self.start) for media in self.waiting)
        self.waiting.clear()
        await encoder.write(flv.HEADER + head)

    async def _pass_on(self, media: Media) -> None:
        assert self.encoder is not None
        self.last = max(self.last, media.at - self.start)
        if not await self.encoder.write(flv.tag(media, self.start)):
            self.ending, code = self._why_dead()
            await self._refuse(code)

    def _why_dead(self) -> tuple[str, str]:
        """Tell a full disk from pictures that are none."""
        if not rules.may_send(files.free_bytes(self.receiver.places.root)):
            return Ending.DISK, "disk"
        if self.showing is None or not self.showing.seconds():
            return Ending.CODEC, "codec"
        return Ending.LOST, "server"

    # --- every second ---

    async def _look(self) -> None:
        """Show what is new; tell the city that the encoder lives and do what the city says."""
        while True:
            await asyncio.sleep(ROUND)
            try:
                await self._round()
            except (DatabaseError, OSError):
                # The broadcast goes on while the database or the disk is away for a moment.
                log.exception("a round failed")

    async def _round(self) -> None:
        if self.begun is None or self.showing is None or self.ending:
            return
        free = files.free_bytes(self.receiver.places.root)
        if not rules.may_send(free):
            await self._cut_off(Ending.DISK, "disk")
            return
        if self.encoder is not None:
            made = await asyncio.to_thread(self.showing.update)
            if self.encoder.dead or (not made and self.last > NOTHING_YET):
                await self._cut_off(*self._why_dead())
                return
        if not rules.may_record(free, self.receiver.reserve):
            self.showing.stop_keeping()
        self.rounds += 1
        if self.rounds % 2 and time.monotonic() - self.heard_at < 2 * ROUND:
            await self._beat()

    async def _beat(self) -> None:
        if why := await self._say_alive():
            await self._cut_off(Ending.CLOSED, why)

    async def _say_alive(self) -> str:
        """Tell the city that the encoder lives, open or shut what it sends; give why to stop."""
        assert self.begun is not None
        assert self.showing is not None
        going: pushing.Going = await self.receiver.ask(
            pushing.beat_push,
            self.begun.push,
            seconds=self.showing.seconds(),
            cut_short=bool(self.showing.cut),
            room=None if self.warned else await asyncio.to_thread(self._room),
        )
        if going.stop:
            return going.stop
        if going.tight:
            self.warned = True
            self.showing.save_room()
        if going.shown and not self.shown:
            self.showing.hide_before()
            self.shown = True
        self.receiver.places.say_open(self.begun.stream, going.shown and going.open)
        return ""

    def _room(self) -> float:
        """Tell for how many seconds there is room to record."""
        assert self.showing is not None
        free = files.free_bytes(self.receiver.places.root)
        return rules.room_for(free, self.receiver.reserve, self.showing.pace())

    # --- the end ---

    async def stop(self, why: str) -> None:
        """End from our side, and wait until all is put away."""
        await self._cut_off(Ending.RESTART, why)
        await self.ended.wait()

    async def _put_away(self) -> None:
        if self.encoder is not None:
            await self.encoder.finish()
        if self.begun is None or self.showing is None:
            return
        ending = self.ending or Ending.LOST
        if self.encoder is not None:
            await asyncio.to_thread(self._tidy)
            await self._say_last()
        await self._ask(
            pushing.end_push,
            self.begun.push,
            ending,
            seconds=self.showing.seconds(),
            cut_short=bool(self.showing.cut),
            found=self.tracks.found,
        )
        log.info("encoder ended", stream=self.begun.stream, part=self.begun.part, how=ending)

    async def _say_last(self) -> None:
        """Tell once more: a push shorter than a round was never told of, and stood shut."""
        try:
            await self._say_alive()
        except (DatabaseError, OSError):
            log.exception("the last round failed")

    def _tidy(self) -> None:
        """Leave the recording whole, and its last seconds shown where there is room for that."""
        assert self.showing is not None
        with contextlib.suppress(OSError):
            self.showing.restore()
        with contextlib.suppress(OSError):
            self.showing.update()
        self.showing.let_go()

    async def _ask(self, work, *args, **more) -> None:  # type: ignore[no-untyped-def]
        """Write something down; a database that is away must not end a broadcast."""
        try:
            await self.receiver.ask(work, *args, **more)
        except DatabaseError:
            log.exception("not written down")
