"""The work behind the screens, one file each: functions that a process of their own runs, see `page.jobs`."""
