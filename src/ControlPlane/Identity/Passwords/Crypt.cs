using System.Runtime.InteropServices;
using System.Text;

namespace Movento.ControlPlane.Identity.Passwords;

/// <summary>crypt(3) of libcrypt.so.1 (libxcrypt), which every Debian has: its bcrypt is the one that systems sign people in with.</summary>
internal static partial class Crypt
{
    /// <summary>sizeof(struct crypt_data): the one size that every libxcrypt takes.</summary>
    private const int DataSize = 32768;

    // From the test suite of crypt_blowfish: a library that answers anything else is not used.
    private const string KnownPhrase = "U*U";
    private const string KnownHash = "$2b$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW";

    /// <summary>Whether the library is there and hashes as it should.</summary>
    public static bool IsAvailable { get; } = Probe();

    /// <summary>The hash of <paramref name="phrase"/> as <paramref name="setting"/> (or an earlier hash) says.</summary>
    /// <param name="phrase">ASCII without NUL; at most 72 characters count for bcrypt.</param>
    /// <param name="setting">Such as <c>$2b$12$</c> and 22 characters of salt.</param>
    /// <exception cref="InvalidOperationException">The library refuses the setting.</exception>
    public static unsafe string Hash(string phrase, string setting)
    {
        var data = NativeMemory.AllocZeroed(DataSize);
        try
        {
            var hash = HashInto(Terminated(phrase), Terminated(setting), data, DataSize);
            // libxcrypt answers "*0" or "*1", never a hash, for what it refuses.
            return hash != null && Marshal.PtrToStringUTF8((nint)hash) is { } text && !text.StartsWith('*')
                ? text
                : throw new InvalidOperationException("crypt(3) refuses this setting.");
        }
        finally
        {
            NativeMemory.Clear(data, DataSize);
            NativeMemory.Free(data);
        }
    }

    private static byte[] Terminated(string text)
    {
        var bytes = new byte[text.Length + 1];
        Encoding.ASCII.GetBytes(text, bytes);
        return bytes;
    }

    private static bool Probe()
    {
        try
        {
            return Hash(KnownPhrase, KnownHash) == KnownHash;
        }
        catch (Exception error) when (error is DllNotFoundException or EntryPointNotFoundException or InvalidOperationException)
        {
            return false;
        }
    }

    [LibraryImport("libcrypt.so.1", EntryPoint = "crypt_rn")]
    private static unsafe partial byte* HashInto(byte[] phrase, byte[] setting, void* data, int size);
}
