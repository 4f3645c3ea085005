namespace Movento.Storage.Files;

/// <summary>What an error of the file system means to the one who called the store.</summary>
internal static class FileFault
{
    /// <summary>Nothing has this name: no such file, no such folder, or a "folder" on the way that is a file.</summary>
    public static bool MeansNone(IOException error) =>
        error is FileNotFoundException or DirectoryNotFoundException || error.HResult is Errno.NoEntry or Errno.NotDirectory;

    /// <summary>The name is taken by a folder, or a folder's name by a file: of <c>a</c> and <c>a/b</c> only one can be an object.</summary>
    public static bool MeansFolderInTheWay(IOException error) =>
        error.HResult is Errno.NotDirectory or Errno.IsDirectory or Errno.NotEmpty or Errno.Exists;

    public static ObjectStoreException Of(string what, Exception error) => error switch
    {
        IOException { HResult: Errno.NoSpace or Errno.QuotaExceeded } =>
            new($"{what}: the disk is full.", isTransient: true, error) { IsFull = true },
        IOException io when MeansFolderInTheWay(io) =>
            new($"{what}: another object stands where this one needs a folder, or the other way round.", isTransient: false, error),
        _ => new($"{what}: {error.Message}", MayPass(error), error),
    };

    // A refused access, a read-only disk or a name too long will be the same next time; a disk or a server behind it may come back.
    private static bool MayPass(Exception error) => error is IOException
    {
        HResult: Errno.InputOutput or Errno.TryAgain or Errno.Busy or Errno.TooManyFiles or Errno.TooManyFilesInSystem
            or Errno.TimedOut or Errno.StaleHandle,
    };
}
