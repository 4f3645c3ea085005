using System.Runtime.InteropServices;

namespace Movento.Edge.Connections;

/// <summary>
/// The system calls of the transport (Linux, 64 bits). None of them blocks but <see cref="Wait"/>: sockets are always asked with
/// <c>MSG_DONTWAIT</c>.
/// </summary>
internal static unsafe partial class LinuxSocket
{
    // <errno.h>, the same on x64 and arm64.
    public const int Interrupted = 4;
    public const int WouldBlock = 11;

    // <sys/epoll.h>
    public const uint Readable = 0x001;
    public const uint Writable = 0x004;
    public const uint Error = 0x008;
    public const uint HungUp = 0x010;
    public const uint PeerFinished = 0x2000;
    private const uint EdgeTriggered = 1u << 31;
    private const int CloseOnExec = 0x80000;
    private const int Add = 1;

    // <sys/socket.h>
    private const int DontWait = 0x40;
    private const int NoSignal = 0x4000;

    // <sys/eventfd.h>
    private const int NonBlocking = 0x800;

    // struct epoll_event is packed on x64 alone.
    private static readonly int EventSize = RuntimeInformation.ProcessArchitecture == Architecture.X64 ? 12 : 16;
    private static readonly int DataOffset = EventSize - 8;

    /// <summary>A new epoll instance.</summary>
    /// <exception cref="IOException">The process has no more descriptors.</exception>
    public static int CreateEpoll() => Checked(epoll_create1(CloseOnExec));

    /// <summary>A descriptor that becomes readable when somebody calls <see cref="Ring"/>.</summary>
    /// <exception cref="IOException">The process has no more descriptors.</exception>
    public static int CreateBell() => Checked(eventfd(0, NonBlocking | CloseOnExec));

    /// <summary>Wakes whoever waits for the bell.</summary>
    public static void Ring(int bell)
    {
        var one = 1UL;

        // Fails only where the bell has been rung 2^64 times and nobody came: then it rings already.
        _ = write(bell, &one, sizeof(ulong));
    }

    /// <summary>Stops the bell.</summary>
    public static void Silence(int bell)
    {
        ulong times;
        _ = read(bell, &times, sizeof(ulong));
    }

    /// <summary>Has <paramref name="epoll"/> tell of every change of <paramref name="descriptor"/>, once a change (edge-triggered).</summary>
    /// <exception cref="IOException">The system refuses.</exception>
    public static void Watch(int epoll, int descriptor, ulong data)
    {
        var entry = stackalloc byte[16];
        *(uint*)entry = Readable | Writable | PeerFinished | EdgeTriggered;
        *(ulong*)(entry + DataOffset) = data;
        Checked(epoll_ctl(epoll, Add, descriptor, entry));
    }

    /// <summary>Bytes for so many events.</summary>
    public static int BytesOf(int events) => events * EventSize;

    /// <summary>Waits for events; how many came, 0 after the time-out or a signal.</summary>
    /// <param name="milliseconds">-1 for as long as it takes.</param>
    public static int Wait(int epoll, byte* events, int maximum, int milliseconds) => Math.Max(0, epoll_wait(epoll, events, maximum, milliseconds));

    /// <summary>One of the events that <see cref="Wait"/> found.</summary>
    public static (uint Changes, ulong Data) EventAt(byte* events, int index)
    {
        var entry = events + index * EventSize;
        return (*(uint*)entry, *(ulong*)(entry + DataOffset));
    }

    /// <summary>Bytes received, 0 at the end; or negative, then the error is <see cref="LastError"/>.</summary>
    public static int Receive(int socket, Span<byte> buffer)
    {
        fixed (byte* start = buffer) return (int)recv(socket, start, (nuint)buffer.Length, DontWait);
    }

    /// <summary>Bytes taken by the kernel of all the pieces together; or negative, then the error is <see cref="LastError"/>.</summary>
    public static int Send(int socket, IoVector* pieces, int count)
    {
        var message = new MessageHeader { Pieces = pieces, PieceCount = (nuint)count };
        return (int)sendmsg(socket, &message, DontWait | NoSignal);
    }

    public static int LastError => Marshal.GetLastPInvokeError();

    public static void Close(int descriptor) => _ = close(descriptor);

    private static int Checked(int result) =>
        result >= 0 ? result : throw new IOException($"The system refuses the transport: {Marshal.GetLastPInvokeErrorMessage()}.");

    [LibraryImport("libc", SetLastError = true)]
    private static partial int epoll_create1(int flags);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int epoll_ctl(int epoll, int operation, int descriptor, byte* entry);

    [LibraryImport("libc")]
    private static partial int epoll_wait(int epoll, byte* events, int maximum, int milliseconds);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int eventfd(uint value, int flags);

    [LibraryImport("libc")]
    private static partial nint read(int descriptor, void* buffer, nuint length);

    [LibraryImport("libc")]
    private static partial nint write(int descriptor, void* buffer, nuint length);

    [LibraryImport("libc", SetLastError = true)]
    private static partial nint recv(int socket, byte* buffer, nuint length, int flags);

    [LibraryImport("libc", SetLastError = true)]
    private static partial nint sendmsg(int socket, MessageHeader* message, int flags);

    [LibraryImport("libc")]
    private static partial int close(int descriptor);

    /// <summary><c>struct iovec</c>.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct IoVector
    {
        public byte* Start;
        public nuint Length;
    }

    /// <summary><c>struct msghdr</c>: 56 bytes on every 64-bit Linux.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private struct MessageHeader
    {
        public void* Name;
        public uint NameLength;
        public IoVector* Pieces;
        public nuint PieceCount;
        public void* Control;
        public nuint ControlLength;
        public int Flags;
    }
}
