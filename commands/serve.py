"""Runs the server."""

import os

import click
import waitress
from flask import current_app


@click.command("serve")
def serve() -> None:
    """在本机启动服务（HOST、PORT）。"""
    host, port = os.environ.get("HOST", "127.0.0.1"), int(os.environ.get("PORT", "8000"))
    click.echo(f"Aftercare · 售后服务管理系统  http://{host}:{port}/")
    waitress.serve(current_app._get_current_object(), host=host, port=port, threads=8)  # type: ignore[attr-defined]
