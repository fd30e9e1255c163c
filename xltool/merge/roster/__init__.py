"""The roster (单位名册): which units a department must collect, and which file is which unit's."""
