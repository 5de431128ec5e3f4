using System.Runtime.InteropServices;

namespace FisherFlow.Data;

/// <summary>The processor time of this thread, so that a shared machine does not count other people's work; wall time where the system has no such clock.</summary>
static partial class ThreadClock
{
    const int ThreadProcessorTime = 3;   // CLOCK_THREAD_CPUTIME_ID on Linux

    /// <summary>Seconds since some fixed moment.</summary>
    public static double Seconds()
    {
        if (OperatingSystem.IsLinux() && GetTime(ThreadProcessorTime, out var time) == 0) { return time.Seconds + 1e-9 * time.Nanoseconds; }
        return TimeProvider.System.GetTimestamp() / (double)TimeProvider.System.TimestampFrequency;
    }

    [LibraryImport("libc", EntryPoint = "clock_gettime")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int GetTime(int clock, out Time time);

    [StructLayout(LayoutKind.Sequential)]
    struct Time
    {
        public nint Seconds;
        public nint Nanoseconds;
    }
}
