"""The store beyond one machine: Redis or Valkey, alone or as a cluster.

For every 65,536 tokens there is one string of bits, minute after minute, under a hash tag of its
own: a cluster spreads one evening over all its machines, and no command touches two slots.
Guarantee: Redis must run with `appendonly yes` and `appendfsync always`; it then answers a command
only after its append-only file is on disk, one sync for all commands of a round.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

import numpy as np
import redis
from redis.cluster import RedisCluster

from groundwork.live.rules.figures import Bits
from groundwork.live.rules.pulse import Hours
from groundwork.live.rules.tokens import KEY_BYTES, MOST_NUMBERS
from groundwork.live.store.base import CHUNK, CHUNK_BYTES, Counted, Pairs, StoreBusy, Watched, split
from groundwork.live.store.sqlite import read_counted

STREAMS = "gw:live:streams"
SEALED_FOR = 7 * 86400  # a late ingest finds the seal a week after the minutes are gone
# Bits are set by offsets of 4 bytes, little end first; a sealed chunk takes none.
ADD = """if redis.call('exists',KEYS[2])==1 then return 0 end
local a=ARGV[1] for i=1,#a,4 do local p,q,r,s=string.byte(a,i,i+3)
redis.call('setbit',KEYS[1],p+q*256+r*65536+s*16777216,1) end return 1"""
RESERVE = """if redis.call('exists',KEYS[2])==1 then return -1 end
local n=tonumber(redis.call('get',KEYS[1]) or '0')+ARGV[1]
if n>tonumber(ARGV[2]) then return -1 end redis.call('set',KEYS[1],n) return n"""
# The origin stays once numbers were drawn; that is read outside, so the last word is here.
REGISTER = """local old=redis.call('hget',KEYS[1],ARGV[1]) if not old then
redis.call('hset',KEYS[1],ARGV[1],ARGV[2]) return 1 end
local o,n=cjson.decode(old),cjson.decode(ARGV[2]) if o.sealed==1 then return 0 end
n.key=o.key if ARGV[3]=='1' then n.origin=o.origin end
redis.call('hset',KEYS[1],ARGV[1],cjson.encode(n)) return 1"""
SEAL = """local old=redis.call('hget',KEYS[1],ARGV[1]) if not old then return 0 end
local o=cjson.decode(old) o.sealed=1 redis.call('hset',KEYS[1],ARGV[1],cjson.encode(o)) return 1"""


@contextmanager
def _busy() -> Iterator[None]:
    try:
        yield
    except redis.RedisError as error:
        raise StoreBusy(str(error)) from error


class RedisStore:
    """Pulses in Redis. Raises StoreBusy at once when it does not promise durability."""

    def __init__(self, url: str) -> None:
        self.cluster = "+cluster://" in url
        options: dict[str, Any] = {"socket_timeout": 10, "socket_connect_timeout": 5}
        with _busy():
            self.r: Any = (
                RedisCluster.from_url(url.replace("+cluster", ""), **options)
                if self.cluster
                else redis.Redis.from_url(url, **options)
            )
            self._check()

    def _check(self) -> None:
        for name, wanted in (("appendonly", "yes"), ("appendfsync", "always")):
            if {one.config_get(name).get(name) for one in self._servers()} != {wanted}:
                raise StoreBusy(f"Redis must run with {name} {wanted}: it would lose pulses else")

    def _servers(self) -> list[Any]:
        """Give every server that keeps pulses."""
        if not self.cluster:
            return [self.r]
        return [self.r.get_redis_connection(node) for node in self.r.get_primaries()]

    @staticmethod
    def _key(stream: str, what: str) -> str:
        return f"gw:live:{{{stream}}}:{what}"

    @staticmethod
    def _chunk(stream: str, chunk: int, what: str) -> str:
        return f"gw:live:{{{stream}.{chunk}}}:{what}"

    def _many(self, commands: Sequence[tuple[Any, ...]]) -> list[Any]:
        pipe = self.r.pipeline() if self.cluster else self.r.pipeline(transaction=False)
        for command in commands:
            pipe.execute_command(*command)
        answers: list[Any] = pipe.execute()
        return answers

    def register(self, stream: str, hours: Hours) -> None:
        """Take pulses of a stream; give it a key of its own when it is new."""
        row = {**hours._asdict(), "key": secrets.token_hex(KEY_BYTES), "sealed": 0}
        with _busy():
            drawn = "1" if self.r.exists(self._key(stream, "next")) else "0"
            self.r.eval(REGISTER, 1, STREAMS, stream, json.dumps(row), drawn)

    def _rows(self) -> dict[str, dict[str, Any]]:
        with _busy():
            return {k.decode(): json.loads(v) for k, v in self.r.hgetall(STREAMS).items()}

    def streams(self) -> list[Watched]:
        """Give the streams whose pulses are taken."""
        return [
            Watched(stream, bytes.fromhex(row["key"]), _hours(row))
            for stream, row in self._rows().items()
            if not row["sealed"]
        ]

    def kept(self) -> dict[str, Hours]:
        """Give every stream of which something is kept, with its hours."""
        return {stream: _hours(row) for stream, row in self._rows().items()}

    def reserve(self, stream: str, n: int) -> int:
        """Give the first of `n` numbers that nobody else will get."""
        keys = (self._key(stream, "next"), self._key(stream, "sealed"))
        with _busy():
            end = int(self.r.eval(RESERVE, 2, *keys, n, MOST_NUMBERS))
        if end < 0:
            raise StoreBusy("no numbers left, or sealed")
        return end - n

    def add(self, pairs: Mapping[str, Pairs]) -> set[str]:
        """Keep pairs: one script for each chunk, all in one go."""
        commands, owners = [], []
        for stream, some in pairs.items():
            offsets: dict[int, list[bytes]] = {}
            for chunk, minute, numbers in split(some):
                at = numbers + np.uint32(minute * CHUNK)
                offsets.setdefault(chunk, []).append(at.astype("<u4").tobytes())
            for chunk, blobs in offsets.items():
                keys = (self._chunk(stream, chunk, w) for w in ("bits", "sealed"))
                commands.append(("EVAL", ADD, 2, *keys, b"".join(blobs)))
                owners.append(stream)
        if not commands:
            return set()
        with _busy():
            answers = self._many(commands)
        return {owner for owner, kept in zip(owners, answers, strict=True) if not kept}

    def refuse(self, counts: Mapping[str, Mapping[str, int]]) -> None:
        """Add to the numbers of refused pulses; of a stream that is not kept nothing is."""
        known = self._rows()
        commands = [
            ("HINCRBY", self._key(stream, "refused"), rule, n)
            for stream, rules in counts.items()
            for rule, n in rules.items()
            if stream in known and n
        ]
        with _busy():
            if commands:
                self._many(commands)

    def refused(self, stream: str) -> dict[str, int]:
        """Give the numbers of refused pulses by rule."""
        with _busy():
            said = self.r.hgetall(self._key(stream, "refused"))
        return {rule.decode(): int(n) for rule, n in said.items()}

    def _tops(self, stream: str) -> int:
        """Tell how many chunks there may be."""
        return -(-int(self.r.get(self._key(stream, "next")) or 0) // CHUNK)

    def count(self, stream: str, minutes: Sequence[int]) -> dict[int, int]:
        """Count the distinct tokens of some minutes, where they lie."""
        with _busy():
            wanted = [(minute, chunk) for minute in minutes for chunk in range(self._tops(stream))]
            found = dict.fromkeys(minutes, 0)
            commands = [
                (
                    "BITCOUNT",
                    self._chunk(stream, chunk, "bits"),
                    minute * CHUNK_BYTES,
                    (minute + 1) * CHUNK_BYTES - 1,
                )
                for minute, chunk in wanted
            ]
            for (minute, _chunk), n in zip(
                wanted, self._many(commands) if commands else [], strict=True
            ):
                found[minute] += int(n)
        return found

    def lead(self, stream: str, seconds: int) -> bool:
        """Take the turn to count, when nobody else has it."""
        with _busy():
            return bool(self.r.set(self._key(stream, "counter"), "1", nx=True, ex=seconds))

    def publish(self, stream: str, counted: Counted) -> None:
        """Leave what was counted for every reader."""
        old = self.published(stream)
        curve = {**(old.curve if old else {}), **counted.curve}
        text = json.dumps([curve, counted.settled, counted.at])
        with _busy():
            self.r.set(self._key(stream, "counted"), text)

    def published(self, stream: str) -> Counted | None:
        """Read what was counted last."""
        with _busy():
            said = self.r.get(self._key(stream, "counted"))
        return read_counted(said) if said else None

    def seal(self, stream: str) -> None:
        """Seal the stream, then its numbers, then every chunk that numbers were drawn for."""
        with _busy():
            self.r.eval(SEAL, 1, STREAMS, stream)
            self.r.set(self._key(stream, "sealed"), "1", ex=SEALED_FOR)
            chunks = range(self._tops(stream))
            self._each(
                ("SET", c, "1", "EX", SEALED_FOR) for c in self._names(stream, chunks, "sealed")
            )

    def _names(self, stream: str, chunks: range, what: str) -> Iterator[str]:
        return (self._chunk(stream, chunk, what) for chunk in chunks)

    def _each(self, commands: Iterator[tuple[Any, ...]]) -> None:
        if all_of_them := list(commands):
            self._many(all_of_them)

    def chunks(self, stream: str, minutes: int) -> Iterator[Bits]:
        """Give the columns of a stream, chunk after chunk."""
        with _busy():
            names = list(self._names(stream, range(self._tops(stream)), "bits"))
        for name in names:
            with _busy():
                said = self.r.get(name)
            if said:
                whole = np.zeros(minutes * CHUNK_BYTES, np.uint8)
                part = np.frombuffer(said, np.uint8)[: len(whole)]
                whole[: len(part)] = part
                yield whole.reshape(minutes, CHUNK_BYTES)

    def erase(self, stream: str) -> None:
        """Forget a stream; the append-only file is written anew without it."""
        with _busy():
            chunks = range(self._tops(stream))
            self._each(("DEL", name) for name in self._names(stream, chunks, "bits"))
            own = [self._key(stream, what) for what in ("refused", "counted", "counter", "next")]
            self._each(("DEL", key) for key in own)
            self.r.hdel(STREAMS, stream)
            for server in self._servers():
                try:
                    server.execute_command("BGREWRITEAOF")
                except redis.ResponseError as error:
                    if "in progress" not in str(error):
                        raise

    def close(self) -> None:
        """Hang up."""
        self.r.close()


def _hours(row: Mapping[str, Any]) -> Hours:
    return Hours(row["origin"], row["ends"], row["until"])
