"""The commands of the local stack: `python -m impulse_local up`, `mail`, `topics` and so on."""

from __future__ import annotations

import argparse
import sys

from impulse_local.errors import StackError


def main() -> int:
    """Runs one command; the exit status."""
    parser = argparse.ArgumentParser(prog="impulse_local", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    up = commands.add_parser("up", help="run the whole stack until Ctrl-C")
    up.add_argument("--empty", action="store_true", help="leave the sample out")
    commands.add_parser("mail", help="run the mail sink and its web page")
    commands.add_parser("topics", help="create the topics (as python -m impulse_topics)")
    commands.add_parser("jars", help="fetch and check the jars of Apache Kafka")
    commands.add_parser("link", help="start Apache Kafka once, so that it starts faster later")
    commands.add_parser("lock", help="resolve jgo.toml and write jgo.lock.toml")
    # With a prefix that nobody writes, all that follows is left to `impulse`, its --help too.
    operate = commands.add_parser(
        "impulse", help="the operators' command, on this stack", add_help=False, prefix_chars="\0"
    )
    operate.add_argument("arguments", nargs=argparse.REMAINDER)
    chosen = parser.parse_args()
    # Each command loads only what it needs: the mail sink neither broker nor database.
    try:
        if chosen.command == "up":
            from impulse_local.up import up as run

            return run(with_sample=not chosen.empty)
        if chosen.command == "mail":
            from impulse_local.mailbox import serve

            return serve()
        if chosen.command == "topics":
            from impulse_topics.__main__ import main as topics

            return topics()
        if chosen.command == "impulse":
            from impulse_local.operate import run_impulse

            return run_impulse(chosen.arguments)
        if chosen.command == "link":
            from impulse_local.kafka import link

            print("Apache Kafka starts faster now" if link() else "this Java can't link ahead")
            return 0
        from impulse_local import jars

        if chosen.command == "jars":
            jars.class_path(say=print)
        else:
            print(f"{jars.write_lock()} jars locked")
        return 0
    except StackError as error:
        print(error, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("stopped; the next start goes on from here", file=sys.stderr)
        return 130


if __name__ == "__main__":
    sys.exit(main())
