"""What QEMU is told while a machine runs."""

import json
import socket


def tell(path, *commands):
    """Each command is its name and its arguments; returns what the last one answered."""
    with socket.socket(socket.AF_UNIX) as talk:
        talk.settimeout(60)
        talk.connect(path)
        file = talk.makefile("rw", encoding="utf-8")
        file.readline()
        for name, arguments in (("qmp_capabilities", {}), *commands):
            file.write(json.dumps({"execute": name, "arguments": arguments}) + "\n")
            file.flush()
            while "return" not in (answer := json.loads(file.readline())):
                if "error" in answer:
                    raise RuntimeError(f"QEMU refuses {name}: {answer['error']['desc']}")
        return answer["return"]
