// The contacts, by language. A line holds: she or he, given name, family name, the email's first part, country, city, company.

export const CONTACT_ROSTER: Record<string, string> = {
  en: `
    she|Harriet|Cole|harriet.cole|GB|Leeds|Cole Joinery
    he|Tom|Fletcher|tom.fletcher|GB|Manchester|
    she|Priya|Raman|priya.raman|GB|Leicester|Raman Dental
    he|Owen|Pritchard|owen.pritchard|GB|Cardiff|Taff Cycles
    she|Ailsa|Munro|ailsa.munro|GB|Inverness|Highland Mountain Rescue
    he|Jamal|Edwards|jamal.edwards|GB|Bristol|
    she|Erin|Gallagher|erin.gallagher|IE|Galway|Corrib Kayaks
    he|Cillian|Byrne|cillian.byrne|IE|Dublin|Byrne & Daughters
    she|Madison|Carter|madison.carter|US|Denver|Front Range Guides
    he|Marcus|Holloway|marcus.holloway|US|Oakland|
    she|Sofia|Delgado|sofia.delgado|US|Austin|Delgado Events
    he|Ethan|Walsh|ethan.walsh|US|Portland|Cascade Crew Planning
    she|Naomi|Brooks|naomi.brooks|US|Chicago|Lakeside Staffing
    he|Caleb|Nguyen|caleb.nguyen|US|Seattle|
    she|Grace|Whitfield|grace.whitfield|US|Boston|Whitfield Press
    he|Andre|Jackson|andre.jackson|US|Atlanta|Peachtree Logistics
    she|Chloe|Tremblay|chloe.tremblay|CA|Ottawa|
    he|Liam|MacDonald|liam.macdonald|CA|Halifax|Harbour Charters
    she|Isla|Thompson|isla.thompson|AU|Hobart|Tasman Treks
    he|Jack|O'Brien|jack.obrien|AU|Perth|
    she|Ruby|Nakamura|ruby.nakamura|AU|Sydney|Bondi Surf School
    he|Arjun|Mehta|arjun.mehta|IN|Pune|Mehta Textiles
    she|Kavya|Iyer|kavya.iyer|IN|Bengaluru|
    he|Sione|Tupou|sione.tupou|NZ|Auckland|Southern Sails
    she|Freya|Lund|freya.lund|SE|Malmö|Lund Arkitekter
    he|Viktor|Sandberg|viktor.sandberg|SE|Uppsala|`,
  de: `
    she|Hannah|Brandt|hannah.brandt|DE|Hamburg|Brandt & Söhne
    he|Lukas|Vogel|lukas.vogel|DE|Leipzig|
    she|Katharina|Schäfer|katharina.schaefer|DE|Köln|Schäfer Physiotherapie
    he|Matthias|Krüger|matthias.krueger|DE|Berlin|Krüger Tischlerei
    she|Sabine|Lehmann|sabine.lehmann|DE|Dresden|
    he|Emre|Yıldız|emre.yildiz|DE|Frankfurt am Main|Yıldız Catering
    she|Theresa|Huber|theresa.huber|AT|Graz|Huber Werkzeuge
    he|Florian|Gruber|florian.gruber|AT|Innsbruck|Gruber Bergschule
    she|Nina|Keller|nina.keller|CH|Zürich|
    he|Beat|Zürcher|beat.zuercher|CH|Bern|Zürcher Velo`,
  es: `
    she|Marta|Ruiz|marta.ruiz|ES|Sevilla|
    he|Álvaro|Castillo|alvaro.castillo|ES|Madrid|Castillo Abogados
    she|Nerea|Etxeberria|nerea.etxeberria|ES|Bilbao|Etxe Diseño
    he|Jordi|Puig|jordi.puig|ES|Girona|Puig Muntanya
    she|Valentina|Rojas|valentina.rojas|CO|Medellín|
    he|Santiago|Moreno|santiago.moreno|CO|Bogotá|Moreno Café
    she|Ximena|Hernández|ximena.hernandez|MX|Guadalajara|
    he|Diego|Salazar|diego.salazar|MX|Ciudad de México|Salazar Arquitectos
    she|Julieta|Sosa|julieta.sosa|AR|Rosario|
    he|Martín|Pereyra|martin.pereyra|AR|Bariloche|Pereyra Expediciones`,
  fr: `
    she|Élodie|Marchand|elodie.marchand|FR|Lyon|
    he|Baptiste|Girard|baptiste.girard|FR|Grenoble|Girard Charpente
    she|Inès|Benali|ines.benali|FR|Marseille|Benali Optique
    he|Julien|Lefèvre|julien.lefevre|FR|Rennes|
    she|Margaux|Petit|margaux.petit|FR|Bordeaux|Chais Petit
    he|Théo|Dubois|theo.dubois|FR|Annecy|
    she|Camille|Peeters|camille.peeters|BE|Namur|Peeters Formation
    he|Antoine|Gagnon|antoine.gagnon|CA|Québec|Kayak Gagnon`,
  pt: `
    she|Beatriz|Almeida|beatriz.almeida|BR|São Paulo|
    he|Thiago|Ribeiro|thiago.ribeiro|BR|Belo Horizonte|Ribeiro Bikes
    she|Larissa|Nogueira|larissa.nogueira|BR|Florianópolis|Nogueira Turismo
    he|Caio|Barbosa|caio.barbosa|BR|Recife|
    she|Inês|Carvalho|ines.carvalho|PT|Porto|Carvalho Contabilidade
    he|Duarte|Meireles|duarte.meireles|PT|Lisboa|
    she|Matilde|Fonseca|matilde.fonseca|PT|Coimbra|Fonseca Livros`,
  ja: `
    she|美咲|田中|misaki.tanaka|JP|東京|
    he|健太|渡辺|kenta.watanabe|JP|大阪|渡辺建設
    she|陽菜|伊藤|hina.ito|JP|札幌|
    he|翔|小林|sho.kobayashi|JP|名古屋|小林商店
    she|由美子|加藤|yumiko.kato|JP|京都|株式会社みどり企画
    he|大輔|山本|daisuke.yamamoto|JP|福岡|
    she|さくら|中村|sakura.nakamura|JP|仙台|`,
  zh: `
    she|晓雯|李|li.xiaowen|CN|上海|
    he|志强|王|wang.zhiqiang|CN|成都|蜀山户外俱乐部
    she|佳怡|张|zhang.jiayi|CN|杭州|
    he|建国|刘|liu.jianguo|CN|北京|北辰科技
    she|雨桐|陈|chen.yutong|CN|广州|南越贸易
    he|浩然|杨|yang.haoran|CN|西安|
    she|思敏|黄|huang.simin|SG|新加坡|`,
  ar: `
    she|ليلى|الخطيب|layla.alkhatib|AE|دبي|
    he|أحمد|المنصوري|ahmed.almansoori|AE|أبو ظبي|شركة المنصوري للتجارة
    she|نور|عبد الله|nour.abdallah|EG|القاهرة|
    he|يوسف|حسن|youssef.hassan|EG|الإسكندرية|مكتب حسن للسياحة
    she|ريم|العتيبي|reem.alotaibi|SA|الرياض|
    he|خالد|الشمري|khalid.alshammari|SA|جدة|`,
  th: `
    she|สุดา|วงศ์สวัสดิ์|suda.wongsawat|TH|กรุงเทพมหานคร|
    he|ณัฐพล|ศรีสุข|nattapon.srisuk|TH|เชียงใหม่|ศรีสุขการช่าง
    she|กมลชนก|แสงทอง|kamonchanok.s|TH|ภูเก็ต|
    he|ธนากร|บุญมี|thanakorn.boonmee|TH|ขอนแก่น|`,
  tr: `
    she|Zeynep|Aydın|zeynep.aydin|TR|İstanbul|
    he|Mert|Çelik|mert.celik|TR|İzmir|Çelik Bisiklet
    she|Defne|Şahin|defne.sahin|TR|Ankara|
    he|Burak|Öztürk|burak.ozturk|TR|Antalya|Öztürk Yelken`,
  pl: `
    she|Marta|Kowalczyk|marta.kowalczyk|PL|Kraków|
    he|Piotr|Wiśniewski|piotr.wisniewski|PL|Gdańsk|Wiśniewski Jachty
    she|Agnieszka|Zielińska|agnieszka.zielinska|PL|Wrocław|Zielińska Biuro Rachunkowe
    he|Kamil|Lewandowski|kamil.lewandowski|PL|Poznań|
    she|Ola|Dąbrowska|ola.dabrowska|PL|Warszawa|`,
  it: `
    she|Giulia|Ferrari|giulia.ferrari|IT|L'Aquila|
    he|Davide|Colombo|davide.colombo|IT|Bergamo|Colombo Serramenti
    she|Chiara|Esposito|chiara.esposito|IT|Napoli|`,
  ko: `
    she|지우|김|jiwoo.kim|KR|서울|
    he|민준|박|minjun.park|KR|부산|박가네 캠핑
    she|서연|최|seoyeon.choi|KR|대전|`,
};
