using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Movento.Hosting;

/// <summary>A certificate in PEM files, which somebody renews while the server runs: looked at again at a handshake, at most every ten seconds.</summary>
public sealed class CertificateFile
{
    private static readonly TimeSpan LookInterval = TimeSpan.FromSeconds(10);

    private readonly string _path;
    private readonly string? _keyPath;
    private readonly TimeProvider _time;
    private readonly Lock _lock = new();
    private X509Certificate2 _current;
    private DateTime _changed;
    private long _looked;

    /// <param name="path">The certificate, with those that lead to its root behind it.</param>
    /// <param name="keyPath">The private key, where <paramref name="path"/> does not hold it.</param>
    /// <exception cref="StartException">A file is not there, or is none of ours.</exception>
    public CertificateFile(string path, string? keyPath, TimeProvider time)
    {
        (_path, _keyPath, _time) = (path, keyPath, time);
        try
        {
            (_current, _changed) = (Read(), LastChange());
            Chain.ImportFromPemFile(path);
        }
        catch (Exception error) when (error is CryptographicException or IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new StartException([$"Movento:EdgeServer:Certificate '{path}' cannot be read: {error.Message}"]);
        }

        _looked = time.GetTimestamp();
    }

    /// <summary>The certificates of the file.</summary>
    public X509Certificate2Collection Chain { get; } = [];

    /// <summary>The newest certificate that could be read.</summary>
    public X509Certificate2 Current
    {
        get
        {
            lock (_lock)
            {
                if (_time.GetElapsedTime(_looked) >= LookInterval) Look();
                return _current;
            }
        }
    }

    private void Look()
    {
        _looked = _time.GetTimestamp();
        try
        {
            if (LastChange() is var changed && changed == _changed) return;

            // The one before may be in a handshake: it is left to the collector.
            (_current, _changed) = (Read(), changed);
        }
        catch (Exception error) when (error is CryptographicException or IOException or UnauthorizedAccessException or ArgumentException)
        {
            // Half renewed: the certificate without its key. The next look finds both.
        }
    }

    private X509Certificate2 Read() => X509Certificate2.CreateFromPemFile(_path, _keyPath);

    private DateTime LastChange()
    {
        var certificate = File.GetLastWriteTimeUtc(_path);
        var key = _keyPath is null ? certificate : File.GetLastWriteTimeUtc(_keyPath);
        return certificate > key ? certificate : key;
    }
}
