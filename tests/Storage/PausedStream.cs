using System.Text;

namespace Movento.Storage.Tests;

/// <summary>Gives half of its text, then waits to be resumed: a put caught in the middle.</summary>
public sealed class PausedStream : SourceStream
{
    public const string Text = "half and half";

    private readonly TaskCompletionSource _reached = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _resumed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _position;

    public Task Reached => _reached.Task;

    public void Resume() => _resumed.SetResult();

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (_position == Text.Length / 2)
        {
            _reached.SetResult();
            await _resumed.Task.WaitAsync(cancellationToken);
        }

        return Read(buffer.Span);
    }

    public override int Read(Span<byte> buffer)
    {
        var end = _position < Text.Length / 2 ? Text.Length / 2 : Text.Length;
        var read = Encoding.ASCII.GetBytes(Text.AsSpan(_position, end - _position), buffer);
        _position += read;
        return read;
    }
}
