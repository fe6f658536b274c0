"""What a browser is, in words a person recognises their own device by."""

BROWSERS = (
    ("DingTalk", "钉钉", "DingTalk"),
    ("wxwork", "企业微信", "WeCom"),
    ("MicroMessenger", "微信", "WeChat"),
    ("Lark", "飞书", "Lark"),
    ("Edg", "Edge", "Edge"),
    ("Firefox", "Firefox", "Firefox"),
    ("Chrome", "Chrome", "Chrome"),
    ("Safari", "Safari", "Safari"),
)
"""Mark in the header, and the name in Chinese and English; the first that is there, for many claim to be Safari."""
SYSTEMS = (
    ("HarmonyOS", "HarmonyOS"),
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Windows", "Windows"),
    ("Mac OS", "macOS"),
    ("Linux", "Linux"),
)


def device_words(header: str, language: str) -> str:
    """A browser's description of itself, short: `Edge · Windows`; empty where it says nothing known."""
    browser = next((zh if language.startswith("zh") else en for mark, zh, en in BROWSERS if mark in header), "")
    system = next((name for mark, name in SYSTEMS if mark in header), "")
    return " · ".join(filter(None, (browser, system)))
