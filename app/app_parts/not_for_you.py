"""What stands in place of a page that a person's role or region does not open."""

from app.rendering import show
from app.roles import current


def page() -> None:
    text = "您的角色或地区看不到这一页。需要时请管理员在配置工作簿的“用户”表调整角色和地区。"
    if not current().is_signed_in:
        text += "也可以在右上角改选办理人。"
    show("panel_note.html", heading="这一页不对您开放", text=text)
