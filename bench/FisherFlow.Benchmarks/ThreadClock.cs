using System.Diagnostics;
using System.Runtime.InteropServices;

namespace FisherFlow.Benchmarks;

/// <summary>The processor time of this thread, so that a shared machine does not count other people's work; wall time where the system has no such clock.</summary>
static partial class ThreadClock
{
    const int ThreadProcessorTime = 3;   // CLOCK_THREAD_CPUTIME_ID on Linux

    public static string Describe() => OperatingSystem.IsLinux() ? "processor time of the thread" : "wall time";

    /// <summary>Seconds since some fixed moment.</summary>
    public static double Seconds()
    {
        if (OperatingSystem.IsLinux() && clock_gettime(ThreadProcessorTime, out var time) == 0) { return time.Seconds + 1e-9 * time.Nanoseconds; }
        return Stopwatch.GetTimestamp() / (double)Stopwatch.Frequency;
    }

    [LibraryImport("libc")]
    private static partial int clock_gettime(int clock, out Time time);

    [StructLayout(LayoutKind.Sequential)]
    struct Time
    {
        public nint Seconds;
        public nint Nanoseconds;
    }
}
