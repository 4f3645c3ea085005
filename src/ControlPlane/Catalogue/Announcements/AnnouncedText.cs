using System.Text;

namespace Movento.ControlPlane.Catalogue.Announcements;

/// <summary>Text from another service, as PostgreSQL can keep it.</summary>
internal static class AnnouncedText
{
    /// <summary>The text verbatim, but for what <c>text</c> in UTF-8 cannot hold, NUL and halves of surrogate pairs: those become
    /// U+FFFD, as a message that can never be stored would come back for ever.</summary>
    public static string Storable(string text)
    {
        if (!text.Any(c => c == '\0' || char.IsSurrogate(c))) return text;
        var storable = new StringBuilder(text.Length);
        foreach (var rune in text.EnumerateRunes()) storable.Append(rune.Value == 0 ? Rune.ReplacementChar : rune);
        return storable.ToString();
    }
}
