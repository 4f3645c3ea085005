using Movento.Packager;
using Movento.Packager.Folders;

namespace Movento.Commands;

/// <summary>Why files could not be packaged, and what a person may do about it.</summary>
internal sealed record PackageProblem(string Sentence, string? Hint)
{
    // errno's ENOSPC and EDQUOT, which .NET hands on as they are.
    private const int NoSpace = 28;
    private const int QuotaExceeded = 122;

    /// <summary>Of an error that is the files' or the disk's; null for one that is ours.</summary>
    public static PackageProblem? Of(Exception error) => error switch
    {
        PackageException refused => refused.Problem,
        MediaFormatException media => new(media.Message, HintOf(media.Error)),
        FolderNotEmptyException => new(error.Message, "Name another folder, or --force to replace what has the same names."),
        FileNotFoundException or DirectoryNotFoundException => new(error.Message, "Is the path right? It is taken relative to the current folder."),
        UnauthorizedAccessException => new(error.Message, "The file must be readable and the output folder writable for you."),
        IOException { HResult: NoSpace or QuotaExceeded } => new(error.Message, "The output takes about as much as the input. Nothing was left behind."),
        IOException => new(error.Message, null),
        _ => null,
    };

    /// <summary>Of a file that is refused.</summary>
    public static PackageProblem Of(string path, MediaFormatException error) => new($"{path}: {error.Message}", HintOf(error.Error));

    /// <summary>Two lines at most.</summary>
    public async Task WriteAsync(TextWriter output)
    {
        await output.WriteLineAsync($"✗ {Sentence}");
        if (Hint is not null) await output.WriteLineAsync($"  {Hint}");
    }

    private static string HintOf(MediaFormatError error) => error switch
    {
        MediaFormatError.Truncated => "The file is cut off: was it copied, downloaded or recorded to its end?",
        MediaFormatError.Unsupported => "ffmpeg -i FILE -c:v libx264 -c:a aac new.mp4 makes one that is.",
        MediaFormatError.TooLarge => "ffmpeg -i FILE -c copy new.mp4 may write it in fewer pieces.",
        _ => "Is it an MP4 or MOV file? ffmpeg -i FILE -c copy new.mp4 brings other containers into one.",
    };
}

/// <summary>A problem that was found on the way.</summary>
internal sealed class PackageException(PackageProblem problem) : Exception(problem.Sentence)
{
    public PackageProblem Problem { get; } = problem;
}
