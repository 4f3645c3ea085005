using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace Movento.ControlPlane.Tests.Identity;

/// <summary>Makes access tokens, good and bad, without the library that makes and checks ours.</summary>
internal static class TokenForge
{
    /// <summary>A token like ours, but for what is changed of it.</summary>
    /// <param name="pem">The private key.</param>
    /// <param name="now">When it is issued.</param>
    public static string Make(string pem, DateTimeOffset now, Action<JsonObject>? claims = null, Action<JsonObject>? header = null)
    {
        var signed = Unsigned(pem, now, claims, header);
        using var key = ECDsa.Create();
        key.ImportFromPem(pem);
        return $"{signed}.{Base64Url.EncodeToString(key.SignData(Encoding.ASCII.GetBytes(signed), HashAlgorithmName.SHA256))}";
    }

    /// <summary>The part that is signed: header and claims.</summary>
    public static string Unsigned(string pem, DateTimeOffset now, Action<JsonObject>? claims = null, Action<JsonObject>? header = null)
    {
        var issued = now.ToUnixTimeSeconds();
        var head = new JsonObject { ["alg"] = "ES256", ["kid"] = Kid(pem), ["typ"] = "at+jwt" };
        header?.Invoke(head);
        var body = new JsonObject
        {
            ["iss"] = "movento",
            ["aud"] = "movento-api",
            ["sub"] = new string('0', 32),
            ["roles"] = new JsonArray("viewer", "editor"),
            ["iat"] = issued,
            ["nbf"] = issued,
            ["exp"] = issued + 600,
        };
        claims?.Invoke(body);
        return $"{Encode(head)}.{Encode(body)}";
    }

    /// <summary>The same token with other claims under the signature that it has.</summary>
    public static string WithClaims(string token, Action<JsonObject> claims)
    {
        var parts = token.Split('.');
        var body = JsonNode.Parse(Base64Url.DecodeFromChars(parts[1]))!.AsObject();
        claims(body);
        return $"{parts[0]}.{Encode(body)}.{parts[2]}";
    }

    /// <summary>The thumbprint of a key (RFC 7638).</summary>
    public static string Kid(string pem)
    {
        var (x, y) = Point(pem);
        return Base64Url.EncodeToString(SHA256.HashData(Encoding.UTF8.GetBytes($"{{\"crv\":\"P-256\",\"kty\":\"EC\",\"x\":\"{x}\",\"y\":\"{y}\"}}")));
    }

    /// <summary>The public half of a key as a JSON Web Key.</summary>
    public static JsonObject PublicKey(string pem)
    {
        var (x, y) = Point(pem);
        return new JsonObject { ["kty"] = "EC", ["crv"] = "P-256", ["x"] = x, ["y"] = y };
    }

    private static (string X, string Y) Point(string pem)
    {
        using var key = ECDsa.Create();
        key.ImportFromPem(pem);
        var point = key.ExportParameters(false).Q;
        return (Base64Url.EncodeToString(point.X), Base64Url.EncodeToString(point.Y));
    }

    private static string Encode(JsonObject json) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(json.ToJsonString()));
}
