using System.Buffers;
using System.ComponentModel;
using System.Runtime.InteropServices;

namespace Movento.Edge.Cache;

/// <summary>
/// Memory of the system's, outside of the collector's heap, which neither copies it nor looks into it; in large pages where there are any, which a copy into a
/// socket finds faster. What was never written to takes none. Ends with the last reference to it.
/// </summary>
internal sealed unsafe partial class CacheMemory : MemoryManager<byte>
{
    /// <summary>Bytes of a large page on x64, and on arm64 with pages of 4 KiB; with larger ones the alignment costs address space alone.</summary>
    private const int LargePage = 2 << 20;

    // <sys/mman.h>, the same on x64 and arm64.
    private const int ReadAndWrite = 1 | 2;
    private const int PrivateAnonymousUnreserved = 0x02 | 0x20 | 0x4000;
    private const int LargePages = 14;
    private const int DontDump = 16;

    private readonly void* _mapping;
    private readonly nuint _mapped;
    private readonly byte* _start;
    private readonly int _length;

    /// <param name="length">In bytes.</param>
    /// <exception cref="IOException">The system refuses.</exception>
    public CacheMemory(int length)
    {
        _length = length;
        _mapped = (nuint)length + LargePage;
        _mapping = mmap(null, _mapped, ReadAndWrite, PrivateAnonymousUnreserved, -1, 0);
        if (_mapping == (void*)-1) throw new IOException($"The system gives the cache no memory: {new Win32Exception(Marshal.GetLastPInvokeError()).Message}.");
        _start = (byte*)(((nuint)_mapping + LargePage - 1) / LargePage * LargePage);

        // Where the system does not know the one advice or the other, pages are small, or a crash's core file holds the whole cache.
        _ = madvise(_start, (nuint)length, LargePages);
        _ = madvise(_start, (nuint)length, DontDump);
    }

#pragma warning disable CA2015 // Who uses a span of it holds a lease or a block until it is done with the span, and so this.
    ~CacheMemory() => Dispose(false);
#pragma warning restore CA2015

    public override Span<byte> GetSpan() => new(_start, _length);

    public override MemoryHandle Pin(int elementIndex = 0) => new(_start + elementIndex, pinnable: this);

    public override void Unpin()
    {
    }

    protected override void Dispose(bool disposing)
    {
        if (_start is not null) _ = munmap(_mapping, _mapped);
    }

    [LibraryImport("libc", SetLastError = true)]
    private static partial void* mmap(void* address, nuint length, int protection, int flags, int descriptor, long offset);

    [LibraryImport("libc")]
    private static partial int munmap(void* address, nuint length);

    [LibraryImport("libc")]
    private static partial int madvise(void* address, nuint length, int advice);
}
