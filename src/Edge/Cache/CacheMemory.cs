using System.Buffers;
using System.ComponentModel;
using System.Runtime.InteropServices;

namespace Movento.Edge.Cache;

/// <summary>
/// Memory of the system's, outside of the collector's heap and its limits, which neither copies it nor looks into it. What was never written to takes none. Ends
/// with the last reference to it.
/// </summary>
internal sealed unsafe partial class CacheMemory : MemoryManager<byte>
{
    // <sys/mman.h>, the same on x64 and arm64.
    private const int ReadAndWrite = 1 | 2;
    private const int PrivateAnonymousUnreserved = 0x02 | 0x20 | 0x4000;
    private const int DontDump = 16;

    private readonly byte* _start;
    private readonly int _length;

    /// <param name="length">In bytes.</param>
    /// <exception cref="IOException">The system refuses.</exception>
    public CacheMemory(int length)
    {
        _length = length;
        var start = mmap(null, (nuint)length, ReadAndWrite, PrivateAnonymousUnreserved, -1, 0);
        if (start == (void*)-1) throw new IOException($"The system gives the cache no memory: {new Win32Exception(Marshal.GetLastPInvokeError()).Message}.");
        _start = (byte*)start;

        // A crash's core file would hold the whole cache; where the system does not know the advice, it does.
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
        if (_start is not null) _ = munmap(_start, (nuint)_length);
    }

    [LibraryImport("libc", SetLastError = true)]
    private static partial void* mmap(void* address, nuint length, int protection, int flags, int descriptor, long offset);

    [LibraryImport("libc")]
    private static partial int munmap(void* address, nuint length);

    [LibraryImport("libc")]
    private static partial int madvise(void* address, nuint length, int advice);
}
