namespace Movento.Storage.Files;

/// <summary>Linux's error numbers (asm-generic/errno.h), which .NET leaves in <see cref="Exception.HResult"/> of an IOException.</summary>
internal static class Errno
{
    public const int NoEntry = 2;
    public const int InputOutput = 5;
    public const int TryAgain = 11;
    public const int Busy = 16;
    public const int Exists = 17;
    public const int NotDirectory = 20;
    public const int IsDirectory = 21;
    public const int InvalidArgument = 22;
    public const int TooManyFilesInSystem = 23;
    public const int TooManyFiles = 24;
    public const int NoSpace = 28;
    public const int NotEmpty = 39;
    public const int TimedOut = 110;
    public const int StaleHandle = 116;
    public const int QuotaExceeded = 122;
}
