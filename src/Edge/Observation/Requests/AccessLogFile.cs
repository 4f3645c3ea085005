using System.Globalization;

namespace Movento.Edge.Observation.Requests;

/// <summary>Where the lines go: standard output, or a file that gives way to the next one when it is full.</summary>
internal sealed class AccessLogFile : IAsyncDisposable
{
    private const string StandardOutput = "-";

    private readonly string _path;
    private readonly long _maxBytes;
    private readonly int _maxFiles;
    private Stream? _stream;

    private AccessLogFile(string path, long maxBytes, int maxFiles) => (_path, _maxBytes, _maxFiles) = (path, maxBytes, maxFiles);

    public static AccessLogFile Of(AccessLogOptions options) => new(options.Path!, options.MaxFileBytes, options.MaxFiles);

    /// <summary>Appends whole lines. After a failure, the file is opened again by the next.</summary>
    /// <exception cref="IOException">The disk does not take them.</exception>
    /// <exception cref="UnauthorizedAccessException">The file may not be written.</exception>
    public async ValueTask WriteAsync(ReadOnlyMemory<byte> lines)
    {
        try
        {
            _stream ??= Open();
            await _stream.WriteAsync(lines);
            await _stream.FlushAsync();
            if (_path != StandardOutput && _stream.Length >= _maxBytes) await TurnAsync();
        }
        catch
        {
            await DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_stream is not { } stream) return;
        _stream = null;
        try
        {
            await stream.DisposeAsync();
        }
        catch (IOException)
        {
            // What a full disk did not take was reported when it was written.
        }
    }

    // Others may read it and move it away meanwhile; only its owner may read it otherwise: it says who watched what.
    private Stream Open() => _path == StandardOutput ? Console.OpenStandardOutput() : new FileStream(_path, new FileStreamOptions
    {
        Mode = FileMode.Append,
        Access = FileAccess.Write,
        Share = FileShare.ReadWrite | FileShare.Delete,
        BufferSize = 0,
        Options = FileOptions.Asynchronous,
        UnixCreateMode = OperatingSystem.IsWindows() ? null : UnixFileMode.UserRead | UnixFileMode.UserWrite,
    });

    private async ValueTask TurnAsync()
    {
        await DisposeAsync();
        for (var number = _maxFiles - 1; number > 0; number--)
        {
            var from = number == 1 ? _path : NumberedPath(number - 1);
            if (File.Exists(from)) File.Move(from, NumberedPath(number), overwrite: true);
        }

        if (_maxFiles == 1) File.Delete(_path);
    }

    private string NumberedPath(int number) => string.Create(CultureInfo.InvariantCulture, $"{_path}.{number}");
}
