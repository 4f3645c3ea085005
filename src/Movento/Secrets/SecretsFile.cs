using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization;
using Movento.Contracts;
using Movento.Hosting;

namespace Movento.Secrets;

/// <summary>
/// Every secret of an installation, made on the first start and kept in one file that only its owner reads. Machines that work together
/// share the file (<c>Movento:SecretsFile</c>).
/// </summary>
public sealed record SecretsFile
{
    private const UnixFileMode OwnerReads = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>The id of the key that signs playback tokens.</summary>
    public required byte PlaybackKey { get; init; }

    /// <summary>The keys of playback tokens by id: 32 bytes each, base64.</summary>
    public required IReadOnlyDictionary<byte, byte[]> PlaybackKeys { get; init; }

    /// <summary>What the keys of encrypted films are derived from: 32 bytes, base64. Files that are older than it get one.</summary>
    public byte[]? ContentKeySecret { get; init; }

    /// <summary>Private keys of access tokens (P-256, PKCS #8 PEM); the first one signs.</summary>
    public required IReadOnlyList<string> AccessTokenKeys { get; init; }

    /// <summary>The operator's e-mail address, with which the first user is made.</summary>
    public required string OperatorEmail { get; init; }

    /// <summary>The operator's password.</summary>
    public required string OperatorPassword { get; init; }

    /// <summary>The playback keys, ready for use.</summary>
    public PlaybackKeyRing KeyRing() => new(PlaybackKeys, PlaybackKey);

    /// <summary>The secret of content keys, ready for use.</summary>
    public ContentKeySecret ContentKeys() => new(ContentKeySecret);

    /// <summary>Reads the file, or makes it where there is none.</summary>
    /// <exception cref="StartException">The file can be read by others, or is not one of ours.</exception>
    public static SecretsFile ReadOrCreate(string path)
    {
        if (!File.Exists(path)) Create(path);
        var secrets = Read(path);
        return secrets.ContentKeySecret is null ? Complete(path) : secrets;
    }

    /// <summary>Reads the file.</summary>
    /// <exception cref="StartException">There is none, others can read it, or it is not one of ours.</exception>
    public static SecretsFile Read(string path)
    {
        try
        {
            var mode = File.GetUnixFileMode(path);
            if ((mode & ~OwnerReads & ~UnixFileMode.UserExecute) != 0)
                throw new StartException([$"The secrets file '{path}' can be read by others than its owner: chmod 600 it, and consider its secrets known."]);
            var secrets = JsonSerializer.Deserialize(File.ReadAllBytes(path), SecretsJson.Default.SecretsFile)
                ?? throw new StartException([$"The secrets file '{path}' is empty."]);
            secrets.KeyRing();
            if (secrets.ContentKeySecret is not null) secrets.ContentKeys();
            return secrets;
        }
        catch (Exception error) when (error is JsonException or IOException or ArgumentException or UnauthorizedAccessException)
        {
            // Not the parser's words: they may quote the file.
            throw new StartException([$"The secrets file '{path}' cannot be read ({error.GetType().Name})."]);
        }
    }

    private static void Create(string path)
    {
        using var accessTokenKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var secrets = new SecretsFile
        {
            PlaybackKey = 1,
            PlaybackKeys = new Dictionary<byte, byte[]> { [1] = RandomNumberGenerator.GetBytes(PlaybackKeyRing.KeyLength) },
            AccessTokenKeys = [accessTokenKey.ExportPkcs8PrivateKeyPem()],
            ContentKeySecret = RandomNumberGenerator.GetBytes(Contracts.ContentKeySecret.Length),
            OperatorEmail = "operator@movento.local",
            OperatorPassword = RandomNumberGenerator.GetString("abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789", 24),
        };

        var fresh = WriteBeside(path, secrets);
        try
        {
            File.Move(fresh, path, overwrite: false);
        }
        catch (IOException) when (File.Exists(path))
        {
            // Another machine of the installation was quicker: its secrets count.
            File.Delete(fresh);
        }
    }

    // A file from before there were content keys. Of several processes that start at once, one adds the secret and the others wait for it.
    private static SecretsFile Complete(string path)
    {
        try
        {
            using var turn = EnterAlone($"{path}.lock");
            var secrets = Read(path);
            if (secrets.ContentKeySecret is not null) return secrets;
            secrets = secrets with { ContentKeySecret = RandomNumberGenerator.GetBytes(Contracts.ContentKeySecret.Length) };
            File.Move(WriteBeside(path, secrets), path, overwrite: true);
            return secrets;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new StartException([$"The secrets file '{path}' lacks contentKeySecret, which cannot be added ({error.GetType().Name})."]);
        }
    }

    private static FileStream EnterAlone(string path)
    {
        const int Attempts = 50;
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return new FileStream(path, new FileStreamOptions
                {
                    Mode = FileMode.OpenOrCreate, Access = FileAccess.Write, Share = FileShare.None, UnixCreateMode = OwnerReads, Options = FileOptions.DeleteOnClose,
                });
            }
            catch (IOException) when (attempt < Attempts)
            {
                Thread.Sleep(100);
            }
        }
    }

    // Whole or not at all: written beside, to be moved, and never readable by others on the way.
    private static string WriteBeside(string path, SecretsFile secrets)
    {
        var fresh = $"{path}.{Guid.NewGuid():N}";
        using var file = new FileStream(fresh, new FileStreamOptions
        {
            Mode = FileMode.CreateNew, Access = FileAccess.Write, UnixCreateMode = OwnerReads,
        });
        JsonSerializer.Serialize(file, secrets, SecretsJson.Default.SecretsFile);
        file.Flush(flushToDisk: true);
        return fresh;
    }
}

[JsonSourceGenerationOptions(WriteIndented = true, PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(SecretsFile))]
internal sealed partial class SecretsJson : JsonSerializerContext;
