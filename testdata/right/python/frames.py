"""WebSocket frames (RFC 6455, section 5.2) on asyncio streams."""

import base64
import hashlib
import os
import struct

TEXT, CLOSE, PING = 1, 8, 9


def accept_key(key):
    digest = hashlib.sha1((key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11").encode()).digest()
    return base64.b64encode(digest).decode()


def xor(data, key):
    return bytes(b ^ key[i % 4] for i, b in enumerate(data))


def frame(opcode, data, mask=False):
    size = len(data)
    bit = 0x80 if mask else 0
    if size < 126:
        head = bytes([0x80 | opcode, bit | size])
    elif size < 1 << 16:
        head = struct.pack(">BBH", 0x80 | opcode, bit | 126, size)
    else:
        head = struct.pack(">BBQ", 0x80 | opcode, bit | 127, size)
    if not mask:
        return head + data
    key = os.urandom(4)
    return head + key + xor(data, key)


async def read_frame(reader):
    first, second = await reader.readexactly(2)
    size = second & 0x7F
    if size == 126:
        (size,) = struct.unpack(">H", await reader.readexactly(2))
    elif size == 127:
        (size,) = struct.unpack(">Q", await reader.readexactly(8))
    key = await reader.readexactly(4) if second & 0x80 else None
    data = await reader.readexactly(size)
    return bool(first & 0x80), first & 0x0F, xor(data, key) if key else data


async def read_message(reader, writer, mask=False):
    """Returns the next text; None at the end. Fragments are joined, pings answered."""
    data = b""
    while True:
        final, opcode, part = await read_frame(reader)
        if opcode == CLOSE:
            writer.write(frame(CLOSE, part, mask))
            return None
        if opcode == PING:
            writer.write(frame(10, part, mask))
        if opcode <= TEXT:
            data += part
            if final:
                return data.decode()
