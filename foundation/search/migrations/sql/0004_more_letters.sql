-- A text as words in lower case without accents, each after two spaces. If it has umlauts, it
-- follows with umlauts written as two letters; if it has numbers with leading zeros, it follows
-- without them: 'Brückner' gives '  bruckner  brueckner', 'INV-031' gives '  inv  031  inv  31'.
CREATE OR REPLACE FUNCTION search_text(typed text) RETURNS text
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE COST 20 AS $$
DECLARE
    folded text := ' ' || lower(typed);
BEGIN
    -- Most texts are ASCII.
    IF octet_length(typed) <> length(typed) THEN
        folded := normalize(folded, NFC);
        IF folded ~ '[äöüøå]' THEN
            folded := folded || ' ' || replace(replace(replace(replace(replace(
                folded, 'ä', 'ae'), 'ö', 'oe'), 'ü', 'ue'), 'ø', 'oe'), 'å', 'aa');
        END IF;
        folded := replace(replace(replace(replace(
            folded, 'ß', 'ss'), 'æ', 'ae'), 'œ', 'oe'), 'þ', 'th');
        folded := normalize(translate(folded, 'øłđðıŀŉ', 'olddiln'), NFKD);
        folded := lower(regexp_replace(folded, '[\u0300-\u036f]', '', 'g'));
        -- Letters with a stroke or a hook, and old or phonetic ones: all that unaccent knows,
        -- and two that were accented, as in ǿ.
        IF folded ~ '[\u00e6\u00f8\u0127-\u02ab\u1d00-\u1dbf\u1e9c-\u1eff\u2c60-\u2c7f\u3007\ua720-\ua7ff]' THEN
            folded := translate(
                folded,
                'øħĸŋŧƀɓƃƈɖɗƌɛƒɠɩɨƙƚɲƞƥƫƭʈʋƴƶǥȡȥȴȵȶȷⱥȼⱦȿɀʉɇɉɍɏɕɟɡɢɦɧɪɫɬɭɱɳɴɼɽɾ'
                    'ʀʂʏʐʑʙʛʜʝʟʠᴀᴃᴄᴅᴆᴇᴊᴋᴌᴍᴏᴘᴛᴜᴠᴡᴢᵬᵭᵮᵯᵰᵱᵲᵳᵴᵵᵶᵻᵽᵾᶀᶁᶂᶃᶄᶅᶆᶇᶈᶉᶊᶌᶍᶎᶏᶑᶒᶓ'
                    'ᶖᶙẜẝỽỿⱡⱨⱪⱬⱱⱳⱴⱸⱺ〇ꜰꜱꝁꝃꝅꝇꝉꝋꝍꝑꝓꝕꝗꝙꝟꝱꝲꝳꝴꝵꝶꝷꝺꝼꞇꞑꞓꞡꞣꞥꞧꞩ',
                'ohqntbbbcdddefgiiklnnptttvyzgdzlntjactszuejrycjgghhilllmnnrrr'
                    'rsyzzbghjlqabcddejklmoptuvwzbdfmnprrstzipubdfgklmnprsvxzadee'
                    'iussvylhkzvwveo0fskkklloopppqqvdlmnrrtdftncgknrs'
            );
            -- Single letters for two.
            folded := (
                SELECT string_agg(coalesce(two, letter), '' ORDER BY place)
                FROM unnest(string_to_array(folded, NULL)) WITH ORDINALITY AS letters (letter, place)
                    LEFT JOIN (VALUES
                        ('ƕ', 'hv'), ('ƣ', 'oi'), ('ȸ', 'db'), ('ȹ', 'qp'), ('ɶ', 'oe'),
                        ('ʣ', 'dz'), ('ʥ', 'dz'), ('ʦ', 'ts'), ('ʪ', 'ls'), ('ʫ', 'lz'),
                        ('ᴁ', 'ae'), ('ᵫ', 'ue'), ('ᵺ', 'th'), ('ỻ', 'll'), ('ꜳ', 'aa'),
                        ('ꜵ', 'ao'), ('ꜷ', 'au'), ('ꜹ', 'av'), ('ꜻ', 'av'), ('ꜽ', 'ay'),
                        ('ꝏ', 'oo'), ('ꝡ', 'vy'), ('ꝥ', 'th'), ('ꝧ', 'th'), ('æ', 'ae')
                    ) AS pairs (one, two) ON one = letter
            );
        END IF;
    END IF;
    folded := regexp_replace(folded, '[^[:alnum:]]+', '  ', 'g');
    IF folded LIKE '% 0%' THEN
        folded := folded || regexp_replace(folded, ' 0+(?=[1-9])', ' ', 'g');
    END IF;
    RETURN folded;
END
$$;
