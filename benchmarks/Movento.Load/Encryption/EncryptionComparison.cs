using System.Globalization;
using System.Runtime.Intrinsics;
using Movento.Load.Contest;
using Movento.Load.Measure;
using Movento.Packager.Protection.Ciphers;

namespace Movento.Load.Encryption;

/// <summary>
/// The packager's ciphers beside <c>openssl speed -evp</c>, on one core: what counts is how many bytes they encrypt in as much of the
/// processor's time, which is how openssl counts (<c>mediaBytes</c>; ours ÷ openssl's, above 1 is better).
/// </summary>
internal static class EncryptionComparison
{
    private const int Seconds = 3;

    // One of the block sizes that openssl speed takes by itself.
    private const int BufferSize = 16 << 10;

    public static async Task<IReadOnlyList<ComparisonResult>> RunAsync(ComparisonSettings settings, CancellationToken cancellationToken)
    {
        var results = new List<ComparisonResult>();
        using var cipher = BlockCipher.Create(new byte[16]);
        foreach (var (mode, peer, encrypt) in new (string, string, Func<byte[], long>)[]
        {
            ("AES-128-CBC: HLS AES-128", "aes-128-cbc", buffer =>
            {
                cipher.EncryptChain(buffer, Vector128<byte>.Zero);
                return buffer.Length;
            }),
            ("AES-128-CBC of one block in ten: cbcs; of the blocks that are encrypted", "aes-128-cbc", buffer =>
            {
                cipher.EncryptPattern(buffer, Vector128<byte>.Zero);
                return (buffer.Length + 159) / 160 * 16;
            }),
            ("AES-128-CTR: cenc", "aes-128-ctr", buffer =>
            {
                var counter = 0ul;
                cipher.EncryptCounter(buffer, 1, ref counter);
                return buffer.Length;
            }),
        })
        {
            string[] command = ["openssl", "speed", "-mr", "-seconds", $"{Seconds}", "-bytes", $"{BufferSize}", "-evp", peer];
            var compared = await Rounds.RunAsync(
                mode,
                new Contender("Movento", $"{cipher.GetType().Name} in this process, for {Seconds} s", [Environment.ProcessId], stop => Task.Run(() => Encrypt(encrypt, stop), stop)),
                [new Contender("openssl", string.Join(' ', command), [], async stop => ReadSpeed(await PeerProcess.RunAsync(command, Path.GetTempPath(), stop)) * Seconds)],
                settings.Rounds, cancellationToken);
            foreach (var result in compared)
                Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"Movento / openssl {result.Ratio.MediaBytes.Median:0.00} of the bytes in the same time"));
            results.AddRange(compared);
        }

        return results;
    }

    private static long Encrypt(Func<byte[], long> encrypt, CancellationToken cancellationToken)
    {
        var buffer = new byte[BufferSize];
        var bytes = 0L;
        var start = Environment.CpuUsage.UserTime;
        TimeSpan used;
        while ((used = Environment.CpuUsage.UserTime - start).TotalSeconds < Seconds)
        {
            cancellationToken.ThrowIfCancellationRequested();
            for (var round = 0; round < 1000; round++)
                bytes += encrypt(buffer);
        }

        return (long)(bytes / used.TotalSeconds * Seconds);
    }

    // A line such as +F:22:AES-128-CBC:1411940352.00, bytes a second.
    private static long ReadSpeed(string output)
    {
        var line = output.Split('\n').First(line => line.StartsWith("+F:", StringComparison.Ordinal));
        return (long)double.Parse(line[(line.LastIndexOf(':') + 1)..], CultureInfo.InvariantCulture);
    }
}
