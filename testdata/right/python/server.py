import asyncio
import sys

from frames import TEXT, accept_key, frame, read_message

clients = []


def log(*words):
    print(*words, flush=True)  # a pipe would keep it otherwise


async def handshake(reader, writer):
    request = await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), 10)
    first, *lines = request.decode("latin-1").split("\r\n")
    fields = dict((line.split(":", 1) + [""])[:2] for line in lines)
    fields = {name.lower(): value.strip() for name, value in fields.items()}
    key = fields.get("sec-websocket-key")
    if not first.startswith("GET ") or not key:
        writer.write(b"HTTP/1.1 426 Upgrade Required\r\nUpgrade: websocket\r\nContent-Length: 0\r\n\r\n")
        return False
    writer.write(
        b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        b"Sec-WebSocket-Accept: %s\r\n\r\n" % accept_key(key).encode()
    )
    return True


async def chat(reader, writer):
    addr = "%s:%d" % writer.get_extra_info("peername")
    log("New connection from Monty's Computer:", addr)
    writer.write(frame(TEXT, b"Welcome to chat! Type a message"))
    clients.append(writer)
    try:
        while (text := await read_message(reader, writer)) is not None:
            log("From client", addr, repr(text))
            for client in clients:
                client.write(frame(TEXT, f"{addr}: {text}".encode()))
    finally:
        clients.remove(writer)


async def serve(reader, writer):
    try:
        if await handshake(reader, writer):
            await chat(reader, writer)
    except (asyncio.IncompleteReadError, asyncio.LimitOverrunError, asyncio.TimeoutError, OSError, ValueError):
        pass
    finally:
        writer.close()


async def main(addr="127.0.0.1:8080"):
    host, port = addr.rsplit(":", 1)
    server = await asyncio.start_server(serve, host, int(port))
    log("listening on", addr)
    await server.serve_forever()


asyncio.run(main(*sys.argv[1:]))
