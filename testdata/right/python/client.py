import asyncio
import base64
import os
import sys
import threading
from urllib.parse import urlsplit

from frames import CLOSE, TEXT, accept_key, frame, read_message


async def connect(url):
    for n in range(3):
        try:
            return await asyncio.open_connection(url.hostname, url.port)
        except OSError as err:
            print(f"attempt {n + 1}: {err}", file=sys.stderr, flush=True)
            await asyncio.sleep(0.5)
    sys.exit(1)


async def handshake(reader, writer, url):
    key = base64.b64encode(os.urandom(16)).decode()
    writer.write(
        f"GET / HTTP/1.1\r\nHost: {url.netloc}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        f"Sec-WebSocket-Key: {key}\r\nSec-WebSocket-Version: 13\r\n\r\n".encode()
    )
    answer = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
    if " 101 " not in answer.split("\r\n")[0] or accept_key(key) not in answer:
        sys.exit("no upgrade: " + answer.split("\r\n")[0])


def read_input(loop, lines):
    """Runs in a thread of its own: asyncio cannot read standard input everywhere."""
    for line in sys.stdin.buffer:
        text = line.decode(errors="replace").rstrip("\r\n")
        loop.call_soon_threadsafe(lines.put_nowait, text)
    loop.call_soon_threadsafe(lines.put_nowait, None)


async def hear(reader, writer):
    while (text := await read_message(reader, writer, mask=True)) is not None:
        sys.stdout.buffer.write(f"Monty's Computer - From server: {text}\n".encode())
        sys.stdout.buffer.flush()


async def speak(writer, lines):
    while (text := await lines.get()) is not None:
        writer.write(frame(TEXT, text.encode(), mask=True))
        await writer.drain()
    writer.write(frame(CLOSE, b"\x03\xe8", mask=True))
    await writer.drain()


async def main(url="ws://127.0.0.1:8080"):
    url = urlsplit(url)
    reader, writer = await connect(url)
    await handshake(reader, writer, url)
    lines = asyncio.Queue()
    threading.Thread(target=read_input, args=(asyncio.get_running_loop(), lines), daemon=True).start()
    hearing = asyncio.create_task(hear(reader, writer))
    speaking = asyncio.create_task(speak(writer, lines))
    await asyncio.wait([hearing, speaking], return_when=asyncio.FIRST_COMPLETED)
    if speaking.done() and not speaking.exception():
        await asyncio.wait([hearing], timeout=1)  # for the answer to Close
        return 0
    print("lost the server", file=sys.stderr)
    return 1


status = asyncio.run(main(*sys.argv[1:]))
sys.stdout.flush()
os._exit(status)  # the thread may still be reading
