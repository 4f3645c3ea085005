using System.Buffers.Binary;
using System.Text;
using Movento.Packager.Verification;

namespace Movento.Packager.Tests.Verification;

/// <summary>A good presentation with something broken in it.</summary>
internal sealed class MutatedSource(IPresentationSource good) : IPresentationSource
{
    private readonly Dictionary<string, byte[]> _files = new(StringComparer.Ordinal);

    public Uri Root => good.Root;

    public int Parallelism => good.Parallelism;

    public ValueTask<IReadOnlyList<string>> FindManifestsAsync(CancellationToken cancellationToken) => good.FindManifestsAsync(cancellationToken);

    public async ValueTask<(int Read, long Length)> ReadAsync(string address, long offset, Memory<byte> buffer, CancellationToken cancellationToken)
    {
        if (!_files.TryGetValue(address, out var bytes))
            return await good.ReadAsync(address, offset, buffer, cancellationToken);
        var part = offset < bytes.Length ? bytes.AsMemory((int)offset) : default;
        part = part[..Math.Min(part.Length, buffer.Length)];
        part.CopyTo(buffer);
        return (part.Length, bytes.Length);
    }

    /// <summary>Replaces a text once; it must be there.</summary>
    public void Replace(string address, string old, string @new)
    {
        var text = Encoding.UTF8.GetString(Load(address));
        var at = text.IndexOf(old, StringComparison.Ordinal);
        Assert.True(at >= 0, $"'{old}' is not in {address}: {text}");
        _files[address] = Encoding.UTF8.GetBytes(text[..at] + @new + text[(at + old.Length)..]);
    }

    /// <summary>Rewrites a whole text.</summary>
    public void Rewrite(string address, Func<string, string> rewrite) => _files[address] = Encoding.UTF8.GetBytes(rewrite(Encoding.UTF8.GetString(Load(address))));

    /// <summary>Changes a whole file in place.</summary>
    public void Mutate(string address, Action<byte[]> change)
    {
        var bytes = Load(address);
        change(bytes);
        _files[address] = bytes;
    }

    /// <summary>Cuts bytes off the end.</summary>
    public void Truncate(string address, int count) => _files[address] = Load(address)[..^count];

    /// <summary>Changes bytes of the body of the n-th box of a type.</summary>
    /// <param name="address">The file.</param>
    /// <param name="type">Four characters.</param>
    /// <param name="index">From 0.</param>
    /// <param name="change">Takes everything from the first byte behind the type.</param>
    public void Change(string address, string type, int index, Action<Span<byte>> change) => Edit(address, type, index, 4, change);

    /// <summary>Changes the size or the type of the n-th box of a type: the 8 bytes of its header.</summary>
    public void ChangeHeader(string address, string type, int index, Action<Span<byte>> change) => Edit(address, type, index, -4, change);

    public static void Add(Span<byte> bytes, int at, int value) =>
        BinaryPrimitives.WriteInt32BigEndian(bytes[at..], BinaryPrimitives.ReadInt32BigEndian(bytes[at..]) + value);

    private void Edit(string address, string type, int index, int distance, Action<Span<byte>> change)
    {
        var bytes = Load(address);
        var at = -1;
        for (var count = 0; count <= index; count++)
        {
            var next = bytes.AsSpan(at + 1).IndexOf(Encoding.ASCII.GetBytes(type));
            Assert.True(next >= 0, $"There is no {type} {index} in {address}.");
            at += 1 + next;
        }

        change(bytes.AsSpan(at + distance));
        _files[address] = bytes;
    }

    private byte[] Load(string address)
    {
        if (_files.TryGetValue(address, out var known))
            return known;
        // Everything here is at hand: no read of these sources waits.
        var length = good.ReadAsync(address, 0, new byte[1], default).AsTask().GetAwaiter().GetResult().Length;
        var bytes = new byte[length];
        good.ReadAsync(address, 0, bytes, default).AsTask().GetAwaiter().GetResult();
        return bytes;
    }
}
