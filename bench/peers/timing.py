"""Timing and memory of this process, for the scripts beside this file."""
import re
import time

WARM_UP_STEPS = 3


def step_seconds(step, seconds):
    """Seconds of every step that ran within the time given, at least one."""
    for _ in range(WARM_UP_STEPS):
        step()
    times = []
    end = time.perf_counter() + seconds
    while not times or time.perf_counter() < end:
        start = time.perf_counter()
        step()
        times.append(time.perf_counter() - start)
    return times


def median(values):
    return sorted(values)[len(values) // 2]


def peak_memory_bytes():
    """The most memory this process has had resident; None where the system does not tell."""
    try:
        with open('/proc/self/status', encoding='ascii') as status:
            return int(re.search(r'^VmHWM:\s*(\d+) kB', status.read(), re.MULTILINE).group(1)) * 1024
    except OSError:
        return None
