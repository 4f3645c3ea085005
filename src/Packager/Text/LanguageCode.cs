using Movento.Packager.IsoBmff.Boxes;

namespace Movento.Packager.Text;

/// <summary>The language of a media header (ISO/IEC 14496-12 §8.4.2.3: three letters of ISO 639-2/T) and BCP 47 tags.</summary>
internal static class LanguageCode
{
    // Every code of ISO 639-2/T that has one of ISO 639-1, which BCP 47 then wants (RFC 5646 §2.2.1): three letters, then two.
    private const string Shorter =
        "aaraa abkab afraf akaak amham araar argan asmas avaav aveae aymay azeaz bakba bambm belbe benbn bihbh bisbi bodbo bosbs " +
        "brebr bulbg catca cescs chach chece chucu chvcv corkw cosco crecr cymcy danda deude divdv dzodz ellel engen epoeo estet " +
        "euseu eweee faofo fasfa fijfj finfi frafr fryfy fulff glagd glega glggl glvgv grngn gujgu hatht hauha hebhe herhz hinhi " +
        "hmoho hrvhr hunhu hyehy iboig idoio iiiii ikuiu ileie inaia indid ipkik islis itait javjv jpnja kalkl kankn kasks katka " +
        "kaukr kazkk khmkm kikki kinrw kirky komkv konkg korko kuakj kurku laolo latla lavlv limli linln litlt ltzlb lublu luglg " +
        "mahmh malml marmr mkdmk mlgmg mltmt monmn mrimi msams myamy nauna navnv nblnr ndend ndong nepne nldnl nnonn nobnb norno " +
        "nyany ocioc ojioj orior ormom ossos panpa plipi polpl porpt pusps quequ rohrm ronro runrn rusru sagsg sansa sinsi slksk " +
        "slvsl smese smosm snasn sndsd somso sotst spaes sqisq srdsc srpsr sswss sunsu swasw swesv tahty tamta tattt telte tgktg " +
        "tgltl thath tirti tonto tsntn tsots tuktk turtr twitw uigug ukruk urdur uzbuz venve vievi volvo wlnwa wolwo xhoxh yidyi " +
        "yoryo zhaza zhozh zulzu ";

    /// <summary>What a media header can say of a tag: <see cref="Mdhd.Undetermined"/> where ISO 639-2/T has no code for its language.</summary>
    /// <param name="tag">BCP 47; only its first part counts here, an elng box says the rest.</param>
    public static ushort Pack(string tag)
    {
        var hyphen = tag.IndexOf('-', StringComparison.Ordinal);
        ReadOnlySpan<char> language = (hyphen < 0 ? tag : tag[..hyphen]).ToLowerInvariant();
        for (var at = 0; language.Length == 2 && at < Shorter.Length; at += 6)
        {
            if (Shorter.AsSpan(at + 3, 2).SequenceEqual(language))
                language = Shorter.AsSpan(at, 3);
        }

        return language.Length == 3 && !language.ContainsAnyExceptInRange('a', 'z')
            ? (ushort)(language[0] - 0x60 << 10 | language[1] - 0x60 << 5 | language[2] - 0x60)
            : Mdhd.Undetermined;
    }

    /// <summary>The tag.</summary>
    /// <param name="packed">Three letters of five bits each; QuickTime has numbers below 0x400 there.</param>
    /// <returns>Null for an undetermined language (<c>und</c>), none (<c>zxx</c>), many (<c>mul</c>), one without a code (<c>mis</c>), and for what are no letters.</returns>
    public static string? Tag(ushort packed)
    {
        Span<char> code = [(char)((packed >> 10 & 31) + 0x60), (char)((packed >> 5 & 31) + 0x60), (char)((packed & 31) + 0x60)];
        if (code.ContainsAnyExceptInRange('a', 'z') || code is "und" or "zxx" or "mul" or "mis")
            return null;
        for (var at = 0; at < Shorter.Length; at += 6)
        {
            if (Shorter.AsSpan(at, 3).SequenceEqual(code))
                return Shorter.Substring(at + 3, 2);
        }

        return code.ToString();
    }
}
