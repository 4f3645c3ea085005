using System.Buffers;
using System.ComponentModel;
using System.Runtime.InteropServices;

namespace Movento.Edge.Cache;

/// <summary>
/// Memory that is also a file without a name (<c>memfd_create</c>): it is written to like any memory, and <c>sendfile</c> sends it without a copy, because the
/// socket refers to its pages until the client has acknowledged them. So who wants to write over what was sent has to <see cref="Renew"/> it first. Outside
/// the collector's heap: it neither copies it nor looks into it. Pages that were never written to take no memory. Ends with the last reference to it.
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

        // To renew a part of a huge page, the kernel writes zeros over it, and a client would get them. One that has no huge pages refuses the advice.
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

    [LibraryImport("libc")]
    private static partial int close(int descriptor);
}
