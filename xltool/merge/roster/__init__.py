"""The roster (单位名录): which units a department must collect, and which file is which unit's."""
