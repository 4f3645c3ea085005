using System.Text.Json;
using System.Text.Json.Serialization;
using Movento.ControlPlane.Identity.AccessTokens;

namespace Movento.Secrets;

/// <summary>A key of access tokens in the secrets file: <c>{"key": PEM, "signsFrom": time}</c>, or the PEM alone, as files from before rotations have it.</summary>
internal sealed class AccessTokenKeyConverter : JsonConverter<AccessTokenKey>
{
    public override AccessTokenKey Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType == JsonTokenType.String) return new AccessTokenKey(reader.GetString()!);
        if (reader.TokenType != JsonTokenType.StartObject) throw new JsonException();
        string? pem = null;
        DateTimeOffset? signsFrom = null;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var name = reader.GetString();
            reader.Read();
            switch (name)
            {
                case "key" when reader.TokenType == JsonTokenType.String:
                    pem = reader.GetString();
                    break;
                case "signsFrom" when reader.TokenType == JsonTokenType.String && reader.TryGetDateTimeOffset(out var time):
                    signsFrom = time;
                    break;
                default:
                    throw new JsonException();
            }
        }

        return new AccessTokenKey(pem ?? throw new JsonException(), signsFrom);
    }

    public override void Write(Utf8JsonWriter writer, AccessTokenKey value, JsonSerializerOptions options)
    {
        if (value.SignsFrom is not { } signsFrom)
        {
            writer.WriteStringValue(value.Pem);
            return;
        }

        writer.WriteStartObject();
        writer.WriteString("key", value.Pem);
        writer.WriteString("signsFrom", signsFrom);
        writer.WriteEndObject();
    }
}
