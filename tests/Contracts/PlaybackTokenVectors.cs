namespace Movento.Contracts.Tests;

/// <summary>
/// Tokens that our code did not make. Each is the hexadecimal fields in the order of docs/formats/playback-token.md through
/// <c>xxd -r -p | openssl dgst -sha256 -mac HMAC -macopt hexkey:KEY</c>, fields and MAC together through <c>base64</c>,
/// with <c>+/</c> written <c>-_</c> and the padding cut.
/// </summary>
internal static class PlaybackTokenVectors
{
    public const byte KeyId = 7;

    public static readonly byte[] Key = Convert.FromHexString("000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f");

    /// <summary>A second key, of nothing but ones, under the id 255.</summary>
    public static readonly byte[] OnesKey = Enumerable.Repeat((byte)0xFF, 32).ToArray();

    public static PlaybackKeyRing Keys => new(new Dictionary<byte, byte[]> { [KeyId] = Key, [255] = OnesKey }, KeyId);

    public static readonly PlaybackClaims Claims = new(
        AssetId.Parse("0192f0c1a2b37c4d8e5f60718293a4b5"),
        PlaybackScope.Presentation,
        new DateTimeOffset(2026, 12, 1, 0, 0, 0, TimeSpan.Zero),
        Guid.Parse("00112233-4455-6677-8899-aabbccddeeff"));

    // 01 07 01 6b0e0e00 0192f0c1a2b37c4d8e5f60718293a4b5 00112233445566778899aabbccddeeff
    public const string Presentation = "AQcBaw4OAAGS8MGis3xNjl9gcYKTpLUAESIzRFVmd4iZqrvM3e7_ZfX3bYO07_Ktl5NBdGwb3H9eb2GzctIE7keCzjDpfLg";

    // 01 07 02 6b0e0e00 0192f0c1a2b37c4d8e5f60718293a4b5, no session
    public const string Pictures = "AQcCaw4OAAGS8MGis3xNjl9gcYKTpLUAAAAAAAAAAAAAAAAAAAAABkwsXmxYVxD0jQwYswjhXj41MFtz6iFJTS5mEuAvNh0";

    // 01 ff 01 ffffffff ffffffffffffffffffffffffffffffff, no session, under OnesKey
    public const string LastSecondOf32Bits = "Af8B__________________________8AAAAAAAAAAAAAAAAAAAAAPCZdVXDI7b4fsVsxiWuHVd0epx4sP1zjXwTAAr4l9Ik";

    public static readonly PlaybackClaims RestrictedClaims = Claims with
    {
        Network = NetworkPrefix.Of(System.Net.IPAddress.Parse("192.0.2.0"), 24), Country = CountryCode.Parse("DE"), MaxHeight = 720,
        PathPrefix = "assets/0192f0c1a2b37c4d8e5f60718293a4b5/v3/",
    };

    // As Presentation, then 01 18 c0000200, 03 4445, 04 02d0, 05 2b and the path prefix
    public const string Restricted =
        "AQcBaw4OAAGS8MGis3xNjl9gcYKTpLUAESIzRFVmd4iZqrvM3e7_ARjAAAIAA0RFBALQBSthc3NldHMvMDE5MmYwYzFhMmIzN2M0ZDhlNWY2MDcxODI5M2E0YjUvdjMv9_7Un9lPa4b3V7p8tVnDx2JOzHdpOhmikPn3Mu7-Upw";

    public static readonly PlaybackClaims IPv6Claims = Claims with { Network = NetworkPrefix.Of(System.Net.IPAddress.Parse("2001:db8::"), 32) };

    // As Presentation, then 02 20 20010db8000000000000000000000000
    public const string IPv6 =
        "AQcBaw4OAAGS8MGis3xNjl9gcYKTpLUAESIzRFVmd4iZqrvM3e7_AiAgAQ24AAAAAAAAAAAAAAAAHIAyPpICiMucPOAFs3UVKnLMvndLb_s8a1p8sCqtA_0";

    public static readonly PlaybackClaims EveryAssetClaims = Claims with { Asset = default, PathPrefix = "assets/" };

    // As Presentation, but of no asset, then 05 07 and "assets/"
    public const string EveryAsset = "AQcBaw4OAAAAAAAAAAAAAAAAAAAAAAAAESIzRFVmd4iZqrvM3e7_BQdhc3NldHMvKtFhkSMSrr-r35cVgvgRrWASg3TupH-iU7j1Pth-oqM";

    public static readonly PlaybackClaims SignInClaims = Claims with { SignIn = Guid.Parse("ffeeddcc-bbaa-9988-7766-554433221100") };

    // As Presentation, then 06 ffeeddccbbaa99887766554433221100
    public const string SignIn =
        "AQcBaw4OAAGS8MGis3xNjl9gcYKTpLUAESIzRFVmd4iZqrvM3e7_Bv_u3cy7qpmId2ZVRDMiEQBUNVNmzHxrg5n-SXVVuW0kTJapXJZFgx4x0FK9-MvAyA";

    // As Presentation, but of no asset
    public const string NoAsset = "AQcBaw4OAAAAAAAAAAAAAAAAAAAAAAAAESIzRFVmd4iZqrvM3e7_oGWv6UddUpF4BsxrEwM8X6lRLV5yiNE_KkyORUBYz4E";

    // As Presentation, rightly signed, but version 2, scope 3 and key id 8.
    public const string Version2 = "AgcBaw4OAAGS8MGis3xNjl9gcYKTpLUAESIzRFVmd4iZqrvM3e7_RUDrCQ21C1g-KUyNcT-ud9ofwWuGcawKspnQjIMt-zs";
    public const string Scope3 = "AQcDaw4OAAGS8MGis3xNjl9gcYKTpLUAESIzRFVmd4iZqrvM3e7_vREONR0wDsRSIJxVEJF6hWK-HofS2alSOmM28g4dh38";
    public const string Key8 = "AQgBaw4OAAGS8MGis3xNjl9gcYKTpLUAESIzRFVmd4iZqrvM3e7_EopFrll9jvTngI4D4VDP8e61Np4-MMSetJLa73nQlqM";
}
