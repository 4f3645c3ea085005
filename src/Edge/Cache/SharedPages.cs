using System.Buffers;
using System.ComponentModel;
using System.Runtime.InteropServices;

namespace Movento.Edge.Cache;

/// <summary>
/// Memory that is also a file without a name (<c>memfd_create</c>): it is read like any memory, and <c>sendfile</c> sends it without a copy, because the
/// socket refers to its pages until the client has acknowledged them. So who wants to write over what was sent has to <see cref="Renew"/> it first. It is
/// filled by <see cref="Write"/>. Outside the collector's heap: it neither copies it nor looks into it. Pages that were never written to take no memory. Ends
/// with the last reference to it.
/// </summary>
internal sealed unsafe partial class SharedPages : MemoryManager<byte>
{
    // <sys/mman.h>, the same on x64 and arm64.
    private const int ReadAndWrite = 1 | 2;
    private const int Shared = 1;
    private const int DontDump = 16;
    private const int NoHugePages = 15;
    private const uint CloseOnExec = 1;

    // <linux/falloc.h>
    private const int KeepSize = 1;
    private const int PunchHole = 2;

    // <errno.h>
    private const int Interrupted = 4;

    // What a file gets that is written to; ours have no other name.
    private const string LargePages = "/sys/kernel/mm/transparent_hugepage/shmem_enabled";

    // A file's pages were all huge or none until Linux 6.14 ("mm: shmem: add large folio support for tmpfs"); since then they are no larger than a write.
    private static readonly bool WritesThroughFile = !HasLargePages() || OperatingSystem.IsOSPlatformVersionAtLeast("Linux", 6, 14);

    private readonly byte* _start;

    /// <param name="length">In bytes, a multiple of a page's.</param>
    /// <exception cref="IOException">The system refuses.</exception>
    public SharedPages(int length)
    {
        Length = length;
        Descriptor = memfd_create("movento cache", CloseOnExec);
        if (Descriptor < 0 || ftruncate(Descriptor, length) != 0) throw Refused();
        var start = mmap(null, (nuint)length, ReadAndWrite, Shared, Descriptor, 0);
        if (start == (void*)-1) throw Refused();
        _start = (byte*)start;

        // A crash's core file would hold the whole cache; where the system does not know the advice, it does.
        _ = madvise(_start, (nuint)length, DontDump);

        // To renew a part of a large page, the kernel writes zeros over it, and a client would get them. One that has no large pages refuses the advice.
        _ = madvise(_start, (nuint)length, NoHugePages);
    }

#pragma warning disable CA2015 // Who uses a span of it holds a lease or a block until it is done with the span, and so this.
    ~SharedPages() => Dispose(false);
#pragma warning restore CA2015

    /// <summary>Of the file.</summary>
    public int Descriptor { get; }

    /// <summary>In bytes.</summary>
    public int Length { get; }

    /// <summary>The pages that a part of such memory is of, and where it begins there.</summary>
    /// <exception cref="ArgumentException">It is other memory.</exception>
    public static (SharedPages Pages, int Start) Of(Memory<byte> part) =>
        MemoryMarshal.TryGetMemoryManager<byte, SharedPages>(part, out var pages, out var start, out _)
            ? (pages, start)
            : throw new ArgumentException("Not a part of shared pages.", nameof(part));

    /// <summary>Where in the file a byte of this memory is.</summary>
    public long OffsetOf(byte* address) => address - _start;

    /// <summary>Puts pages of zeros in place of a part; whoever still sends the old ones keeps them.</summary>
    /// <param name="start">In bytes, a multiple of a page's, as <paramref name="length"/>.</param>
    /// <exception cref="IOException">The system refuses.</exception>
    public void Renew(int start, int length)
    {
        if (fallocate(Descriptor, PunchHole | KeepSize, start, length) != 0) throw Refused();
    }

    /// <summary>
    /// Writes through the file. Written to as memory, each new page would be a fault of its own, and each renewed one had to be taken out of the
    /// process's tables again: an edge that serves from a cold disk took 2.1 s of the processor a GB instead of 1.4 (<c>bench edge-cold</c>); and where the
    /// system allows it, 0.9, with pages that are as large as what is written.
    /// </summary>
    /// <param name="start">In bytes.</param>
    /// <param name="bytes">What to write there.</param>
    /// <exception cref="IOException">The system refuses.</exception>
    public void Write(int start, ReadOnlySpan<byte> bytes)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan((long)start + bytes.Length, Length, nameof(start));
        if (!WritesThroughFile)
        {
            bytes.CopyTo(GetSpan()[start..]);
            return;
        }

        fixed (byte* first = bytes)
        {
            for (var done = 0; done < bytes.Length;)
            {
                var written = pwrite(Descriptor, first + done, (nuint)(bytes.Length - done), start + done);
                if (written > 0) done += (int)written;
                else if (written == 0 || Marshal.GetLastPInvokeError() != Interrupted) throw Refused();
            }
        }
    }

    public override Span<byte> GetSpan() => new(_start, Length);

    public override MemoryHandle Pin(int elementIndex = 0) => new(_start + elementIndex, pinnable: this);

    public override void Unpin()
    {
    }

    protected override void Dispose(bool disposing)
    {
        if (_start is not null) _ = munmap(_start, (nuint)Length);
        if (Descriptor >= 0) _ = close(Descriptor);
    }

    // The chosen word stands in brackets; without the file, the system has no such pages. "advise" is for memory alone.
    private static bool HasLargePages() =>
        File.Exists(LargePages) && File.ReadAllText(LargePages) is var words && !words.Contains("[never]", StringComparison.Ordinal)
        && !words.Contains("[deny]", StringComparison.Ordinal) && !words.Contains("[advise]", StringComparison.Ordinal);

    private static IOException Refused() => new($"The system gives the cache no memory: {new Win32Exception(Marshal.GetLastPInvokeError()).Message}.");

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int memfd_create(string name, uint flags);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int ftruncate(int descriptor, long length);

    [LibraryImport("libc", SetLastError = true)]
    private static partial void* mmap(void* address, nuint length, int protection, int flags, int descriptor, long offset);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int munmap(void* address, nuint length);

    [LibraryImport("libc")]
    private static partial int madvise(void* address, nuint length, int advice);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int fallocate(int descriptor, int mode, long offset, long length);

    [LibraryImport("libc", SetLastError = true)]
    private static partial nint pwrite(int descriptor, byte* buffer, nuint count, long offset);

    [LibraryImport("libc")]
    private static partial int close(int descriptor);
}
