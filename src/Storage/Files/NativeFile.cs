using System.Runtime.InteropServices;

namespace Movento.Storage.Files;

/// <summary>The calls of POSIX that .NET does not offer: hard links, and making a directory's entries durable.</summary>
internal static partial class NativeFile
{
    private const int ReadOnly = 0;

    /// <summary>Gives a file a second name. False where the file system, its limits or the file's owner do not allow it.</summary>
    /// <exception cref="FileNotFoundException">There is no file at <paramref name="existing"/>.</exception>
    /// <exception cref="IOException">There is a file at <paramref name="created"/>, or no folder for it.</exception>
    public static bool TryLink(string existing, string created)
    {
        if (OperatingSystem.IsWindows())
            return false;
        if (Link(existing, created) == 0)
            return true;

        var error = Marshal.GetLastPInvokeError();
        return error switch
        {
            Errno.NoEntry when !File.Exists(existing) => throw new FileNotFoundException("There is no such file.", existing),
            Errno.NoEntry or Errno.Exists => throw new IOException($"{created}: {Marshal.GetPInvokeErrorMessage(error)}.", error),
            _ => false,
        };
    }

    /// <summary>Returns once the entries of the directory (names made, changed and removed) are on the disk.</summary>
    /// <exception cref="IOException">The disk failed, or there is no such directory.</exception>
    public static void SyncDirectory(string path)
    {
        if (OperatingSystem.IsWindows())
            return;

        var descriptor = Open(path, ReadOnly);
        if (descriptor < 0)
            throw Failure(path);
        try
        {
            // A file system that keeps no directory of its own on a disk (some network ones) answers EINVAL; it has nothing to sync.
            if (Fsync(descriptor) != 0 && Marshal.GetLastPInvokeError() != Errno.InvalidArgument)
                throw Failure(path);
        }
        finally
        {
            _ = Close(descriptor);
        }
    }

    private static IOException Failure(string path)
    {
        var error = Marshal.GetLastPInvokeError();
        var message = $"{path}: {Marshal.GetPInvokeErrorMessage(error)}.";
        return error == Errno.NoEntry ? new DirectoryNotFoundException(message) : new IOException(message, error);
    }

    [LibraryImport("libc", EntryPoint = "link", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Link(string existing, string created);

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    private static partial int Fsync(int descriptor);

    [LibraryImport("libc", EntryPoint = "close")]
    private static partial int Close(int descriptor);
}
