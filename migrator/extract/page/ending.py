"""What stands behind an article in the same text: cookie notices, share bars, sizes of letters."""

from __future__ import annotations

import re
from collections.abc import Sequence

_NOTICE = re.compile(
    r".*\b(?:this website uses cookies|we use cookies|trang web này sử dụng cookie)\b.*|see our policy.*|read more\W*"
    r"|cỡ chữ\W*|mặc định\W*|chia sẻ(?: bài viết)?\W*|in bài(?: viết)?\W*|gửi bình luận\W*|trở lại\W*|quay lại\W*|về đầu trang\W*"
    r"|lên đầu trang\W*|(?:tin|bài) (?:liên quan|cùng chuyên mục|khác|mới hơn|cũ hơn)\W*|xem thêm\W*|đọc thêm\W*",
    re.IGNORECASE | re.DOTALL,
)
_MOST = 30


def boilerplate_at_end(texts: Sequence[str]) -> int:
    """How many of the last texts are certainly no part of an article. Teasers are not certain without a byline before."""
    count = 0
    for text in reversed(texts[-_MOST:]):
        if not _NOTICE.fullmatch(text.strip()):
            break
        count += 1
    return count if count < len(texts) else 0
